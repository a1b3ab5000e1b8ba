"""The keys of the store: no two names share one, and none is the beginning of another's."""

from hypothesis import given
from hypothesis import strategies as st

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.items import decoded, encoded
from llm_config_domain.names import Name, TenantId
from tests.support.names import names

ACME = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")


@given(names(), names())
def test_two_names_never_share_a_row(one: Name, other: Name) -> None:
    assert (one == other) == (keys.head("configs", one) == keys.head("configs", other))
    assert (one == other) == (keys.version("configs", one, 1) == keys.version("configs", other, 1))


@given(names(), names())
def test_the_heads_of_a_key_are_found_by_their_beginning_and_no_others(one: Name, other: Name) -> None:
    head = keys.head("configs", other)
    same_partition = head.pk == keys.revision("configs", one.tenant, one.namespace).pk
    found = same_partition and head.sk.startswith(keys.heads_prefix(one.key))
    assert found == ((one.tenant, one.namespace, one.key) == (other.tenant, other.namespace, other.key))


@given(st.integers(1, keys.MAX_VERSION), st.integers(1, keys.MAX_VERSION))
def test_versions_sort_as_their_numbers(one: int, other: int) -> None:
    name = Name(ACME, "gateway", "primary", "production")
    first, second = (keys.version("configs", name, number).sk for number in (one, other))
    assert (first < second) == (one < other)


def test_the_longest_names_fit_into_a_key_of_dynamodb() -> None:
    longest = Name(ACME, "n" * 500, "k" * 255, "e" * 63)
    row = keys.version("configs", longest, keys.MAX_VERSION)
    assert len(row.pk) <= 2048
    assert len(row.sk) <= 1024


@given(st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.binary()))
def test_an_item_comes_back_as_it_was(item: dict[str, str | int | bytes]) -> None:
    item = {name: value for name, value in item.items() if name not in ("pk", "sk")}
    assert decoded(encoded(item)) == item
