"""Globs of namespaces: the three forms, and what each means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain import names
from llm_config_domain.errors import Malformed
from llm_config_domain.names import check_glob, glob_prefix
from llm_config_domain.policy import matches_glob

SEGMENTS = st.sampled_from(["team", "teams", "a", "b-1", "-"])
NAMESPACES = st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join)
GLOBS = st.just("*") | NAMESPACES | NAMESPACES.map("{}/*".format)


@pytest.mark.parametrize("glob", ["*", "team", "team/*", "team/a/*", "-/*", f"{'n' * 500}/*"])
def test_a_glob_is_everything_a_tree_or_one_namespace(glob: str) -> None:
    assert check_glob(glob) == glob


@pytest.mark.parametrize(
    "glob",
    [
        "", "/", "/*", "**", "*/", "*/a", "team*", "team/", "team//*", "team/**", "team/*/*", "team/*/a", "te*m",
        "team/a*", "Team/*", "team/?", "team/[a]", "team#/*", "*\n", "team/*\n", f"{'n' * 501}/*",
    ],
)  # fmt: skip
def test_no_other_pattern_is_a_glob(glob: str) -> None:
    with pytest.raises(Malformed):
        check_glob(glob)


@pytest.mark.parametrize(
    ("glob", "prefix"), [("*", ""), ("team/*", "team/"), ("team/a/*", "team/a/"), ("team", None), ("team/a", None)]
)
def test_a_tree_begins_with_its_prefix_and_a_namespace_has_none(glob: str, prefix: str | None) -> None:
    assert glob_prefix(glob) == prefix


@given(GLOBS, NAMESPACES)
def test_a_glob_means_what_begins_with_its_prefix_or_exactly_itself(glob: str, namespace: str) -> None:
    prefix = glob_prefix(check_glob(glob))
    meant = namespace == glob if prefix is None else namespace.startswith(prefix)
    assert matches_glob(glob, namespace) is meant


@given(NAMESPACES)
def test_a_tree_is_all_under_its_name_but_not_the_name_and_not_its_neighbours(namespace: str) -> None:
    tree = f"{namespace}/*"
    assert matches_glob(tree, f"{namespace}/a") and matches_glob(tree, f"{namespace}/a/b")
    assert not matches_glob(tree, namespace) and not matches_glob(tree, f"{namespace}s/a")
    assert matches_glob("*", namespace) and matches_glob(namespace, namespace)


def test_a_refused_glob_is_not_quoted() -> None:
    with pytest.raises(Malformed) as refused:
        names.check_glob("sk-canary*")
    assert "canary" not in refused.value.detail


@pytest.mark.parametrize("role", ["developer", "a", "0", "a-b", "r" * 63])
def test_a_roles_name_is_a_label(role: str) -> None:
    assert names.check_role(role) == role


@pytest.mark.parametrize("role", ["", "-a", "a-", "A", "a b", "a_b", "a/b", "r" * 64, "a\n"])
def test_what_is_no_label_is_no_role(role: str) -> None:
    with pytest.raises(Malformed) as refused:
        names.check_role(role)
    assert refused.value.detail.startswith("a role's name is 1 to 63 of a-z")


@pytest.mark.parametrize("text", ["", "7" * 25, "7" * 27, "8" + "0" * 25, "I" * 26, "01m7xb2cpdx901z538hpj3ch8b"])
def test_an_id_is_a_ulid(text: str) -> None:
    assert names.check_id("01M7XB2CPDX901Z538HPJ3CH8B") == "01M7XB2CPDX901Z538HPJ3CH8B"
    with pytest.raises(Malformed) as refused:
        names.check_id(text)
    assert refused.value.detail.startswith("an id is the 26 characters")
