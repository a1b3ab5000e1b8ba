"""Names, as laws: what is accepted means one thing, and everything else is refused."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from llm_config_domain import names
from llm_config_domain.errors import Malformed
from llm_config_domain.names import Name, TenantId

TENANT = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
SEGMENTS = st.text("abz019-", min_size=1, max_size=8)
NAMESPACES = st.lists(SEGMENTS, min_size=1, max_size=5).map("/".join)
_ENDS, _INNER = "abcdefghijklmnopqrstuvwxyz0123456789", "abcdefghijklmnopqrstuvwxyz0123456789._-"
KEYS = st.builds(
    "".join, st.tuples(st.sampled_from(_ENDS), st.text(_INNER, max_size=12), st.sampled_from(_ENDS))
) | st.sampled_from(_ENDS)
HOSTILE = st.text(st.sampled_from("ab0-._/#%: \n\x00\\Aé\u202e\u0660\uff0f"), max_size=12) | st.text(max_size=12)


def in_the_grammar(path: str) -> bool:
    """The grammar once more, by characters and not by the product's patterns."""
    namespace, slash, key = path.rpartition("/")
    segments = namespace.split("/")
    return bool(
        slash
        and len(namespace) <= 500
        and all(segment and set(segment) <= set(_ENDS + "-") for segment in segments)
        and 0 < len(key) <= 255
        and set(key) <= set(_INNER)
        and key[0] in _ENDS
        and key[-1] in _ENDS
    )


@given(NAMESPACES, KEYS)
def test_an_accepted_name_is_split_and_joined_to_itself(namespace: str, key: str) -> None:
    assert names.split_path(f"{namespace}/{key}") == (namespace, key)
    assert Name(TENANT, namespace, key, "edge").path == f"{namespace}/{key}"


@given(NAMESPACES, KEYS)
def test_no_accepted_name_holds_a_delimiter(namespace: str, key: str) -> None:
    accepted = names.split_path(f"{namespace}/{key}")
    assert not set("".join(accepted)) & set("#%:\\\0 \n")
    assert "/" not in accepted[1] and "//" not in accepted[0]


@given(HOSTILE)
@example("a/b\n")
@example("a/\u0661")
def test_a_text_is_taken_if_and_only_if_it_is_in_the_grammar(path: str) -> None:
    if in_the_grammar(path):
        assert "/".join(names.split_path(path)) == path
    else:
        with pytest.raises(Malformed) as refused:
            names.split_path(path)
        assert not (len(path) > 4 and path in str(refused.value)), "a refusal quotes what was sent"


@given(st.tuples(NAMESPACES, KEYS), st.tuples(NAMESPACES, KEYS))
def test_two_names_have_one_path_only_when_they_are_one(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert ("/".join(one) == "/".join(other)) == (one == other)


@given(
    st.from_regex(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", fullmatch=True) | st.from_regex(r"[0-7]{26}", fullmatch=True)
)
def test_a_tenant_name_is_a_tenant_id_only_when_it_is_all_digits(text: str) -> None:
    assert names.check_tenant_name(text) == text
    assert not names.is_tenant_id(text) or text.isdigit()
