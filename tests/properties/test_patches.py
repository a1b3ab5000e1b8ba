"""Patches and differences, as laws: what holds for every pair of values."""

from copy import deepcopy
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from llm_config_domain import json_text
from llm_config_domain.configs import merge
from llm_config_domain.configs.patches import apply_merge_patch, apply_patch, diff, summary
from llm_config_domain.errors import Conflict, Malformed, Refusal, TooLarge, ValueRefused
from llm_config_domain.json_text import Json

NAMES = st.sampled_from(["a", "b", "c", "", "x/y", "m~n", "~1", "0", "-", "é", "\U0001f600", "$secret", "$literal"])
PLAIN_NAMES = st.sampled_from(["a", "b", "c", "", "x/y"])
NUMBERS = st.sampled_from([0, 1, 2**53 + 1]) | st.sampled_from(["0.0", "-0.0", "1.0", "1.00", "1E+400", "0.1"]).map(
    Decimal
)
SCALARS = st.none() | st.booleans() | NUMBERS | st.text("ab~/é", max_size=2)


def values(names: st.SearchStrategy[str] = NAMES) -> st.SearchStrategy[Json]:
    return st.recursive(
        SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=12
    )


@st.composite
def edited(draw: st.DrawFn) -> tuple[Json, Json]:
    """A value, and what a few changes in it made of it: neighbours are more telling than strangers."""
    old = draw(values())
    return old, draw(_edits(old))


def _edits(value: Json) -> st.SearchStrategy[Json]:
    if isinstance(value, dict):
        inside = st.fixed_dictionaries({name: _edits(member) for name, member in value.items()})
        return st.one_of(st.just(value), inside, st.builds(lambda one, two: {**one, **two}, inside, _SOME), values())
    if isinstance(value, list):
        inside_list = st.tuples(*map(_edits, value)).map(list)
        return st.one_of(st.just(value), inside_list, st.builds(_spliced, st.just(value), st.integers(0, 4), values()))
    return st.just(value) | SCALARS


_SOME = st.dictionaries(NAMES, SCALARS, max_size=2)


def _spliced(items: list[Json], at: int, new: Json) -> list[Json]:
    return [*items[:at], new, *items[at + at % 2 :]]


POINTERS = st.lists(st.sampled_from(["a", "b", "", "0", "1", "-"]), max_size=2).map(json_text.pointer)
WELL_FORMED = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["add", "remove", "replace", "move", "copy", "test"]),
        "path": POINTERS,
        "from": POINTERS,
        "value": SCALARS | st.lists(SCALARS, max_size=2),
    }
)
OPERATIONS = st.lists(
    WELL_FORMED | st.sampled_from([{"op": "add", "path": "/a"}, {"op": "remove", "path": "/~"}, {}, 1]), max_size=4
)


def spoilt(value: Json) -> None:
    if isinstance(value, dict):
        for member in value.values():
            spoilt(member)
        value["spoilt"] = True
    elif isinstance(value, list):
        for item in value:
            spoilt(item)
        value.append("spoilt")


@given(edited())
def test_what_a_diff_says_makes_the_new_value_to_the_digit(pair: tuple[Json, Json]) -> None:
    old, new = pair
    patch = json_text.read(json_text.write(diff(old, new)))
    assert json_text.canonical(apply_patch(old, patch)) == json_text.canonical(new)


@given(values(), values())
def test_strangers_have_a_difference_too(old: Json, new: Json) -> None:
    assert json_text.canonical(apply_patch(old, diff(old, new))) == json_text.canonical(new)


@given(edited())
def test_a_diff_is_empty_when_and_only_when_the_texts_are_the_same(pair: tuple[Json, Json]) -> None:
    old, new = pair
    assert (diff(old, new) == []) == (json_text.canonical(old) == json_text.canonical(new))
    assert diff(old, deepcopy(old)) == []


@given(edited())
def test_a_diff_is_the_same_every_time_and_changes_nothing(pair: tuple[Json, Json]) -> None:
    before = deepcopy(pair)
    assert diff(*pair) == diff(*before)
    assert pair == before


@given(edited())
def test_no_place_is_named_by_a_diff_that_is_the_same_in_both(pair: tuple[Json, Json]) -> None:
    """Each operation alone is needed: without any one of them the result is another."""
    old, new = pair
    patch = diff(old, new)
    for left_out in range(len(patch)):
        try:
            made = apply_patch(old, patch[:left_out] + patch[left_out + 1 :])
        except ValueRefused:
            continue  # what follows builds on it
        assert json_text.canonical(made) != json_text.canonical(new)


@given(edited(), values())
def test_a_patch_of_two_parts_is_the_one_after_the_other(pair: tuple[Json, Json], last: Json) -> None:
    first, second = diff(*pair), diff(pair[1], last)
    whole = apply_patch(pair[0], first + second)
    assert json_text.write(whole) == json_text.write(apply_patch(apply_patch(pair[0], first), second))


@given(values(), OPERATIONS)
def test_any_patch_is_applied_or_refused_and_shares_nothing(value: Json, patch: Json) -> None:
    before = deepcopy((value, patch))
    try:
        made = apply_patch(value, patch)
    except (Malformed, ValueRefused, Conflict):
        pass
    else:
        assert summary(patch, value)
        spoilt(made)
    assert (value, patch) == before


@given(values(), values())
def test_a_test_of_what_is_there_holds_and_what_was_copied_is_its_equal(value: Json, other: Json) -> None:
    doubled = apply_patch(
        {"one": value, "other": other},
        [{"op": "copy", "from": "/one", "path": "/two"}, {"op": "test", "path": "/two", "value": value}],
    )
    assert doubled["two"] == value
    if isinstance(value, dict | list):
        assert doubled["two"] is not doubled["one"]


@settings(max_examples=3)  # each copies as much as a patch may
@given(values(PLAIN_NAMES), st.integers(25, 1000), st.sampled_from(["/-", "/0"]))
def test_no_bomb_of_copies_goes_off(value: Json, doublings: int, place: str) -> None:
    with pytest.raises(TooLarge):
        apply_patch([value], [{"op": "copy", "from": "", "path": place}] * doublings)


@given(edited())
def test_a_summary_is_one_short_line_and_holds_no_value(pair: tuple[Json, Json]) -> None:
    old, new = {"at": pair[0], "b": "canary-old"}, {"at": pair[1], "b": "canary-new"}
    told = summary(diff(old, new), old)
    assert "canary" not in told
    assert len(told) < 600 and told.isprintable()


@given(values(PLAIN_NAMES), values(PLAIN_NAMES))
def test_a_merge_patch_changes_only_what_it_names_and_shares_nothing(value: Json, patch: Json) -> None:
    before = deepcopy((value, patch))
    merged = apply_merge_patch(value, patch)
    if isinstance(value, dict) and isinstance(patch, dict):
        assert {name: member for name, member in value.items() if name not in patch} == {
            name: member for name, member in merged.items() if name not in patch
        }
        assert all(name not in merged for name, member in patch.items() if member is None)
    spoilt(merged)
    assert (value, patch) == before


@given(values(PLAIN_NAMES), values(PLAIN_NAMES))
def test_a_merge_patch_applied_again_changes_nothing_more(value: Json, patch: Json) -> None:
    once = apply_merge_patch(value, patch)
    assert json_text.canonical(apply_merge_patch(once, patch)) == json_text.canonical(once)


def _without_null(value: Json) -> bool:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is not None and all(map(_without_null, members))


@given(values().filter(_without_null), values().filter(_without_null))
def test_without_a_null_a_merge_patch_is_one_layer_over_another(value: Json, patch: Json) -> None:
    assert json_text.canonical(apply_merge_patch(value, patch)) == json_text.canonical(merge.merge([value, patch]))


OBJECTS = st.recursive(
    st.dictionaries(st.sampled_from(["one", "two"]), SCALARS, max_size=2),
    lambda inner: st.dictionaries(st.sampled_from(["in", "out"]), inner, max_size=2),
    max_leaves=6,
)


@given(values(PLAIN_NAMES), OBJECTS, OBJECTS)
def test_merge_patches_of_objects_are_associative(value: Json, first: Json, second: Json) -> None:
    """Both patches as one: a merge patch of patches that keeps the nulls, as orders to those below."""
    together = _composed(first, second)
    assert json_text.canonical(apply_merge_patch(apply_merge_patch(value, first), second)) == json_text.canonical(
        apply_merge_patch(value, together)
    )


def _composed(first: Json, second: Json) -> Json:
    if not (isinstance(first, dict) and isinstance(second, dict)):
        return second
    return {**first, **{name: _composed(first.get(name), member) for name, member in second.items()}}


@given(values(), values())
def test_special_objects_come_through_a_merge_patch_whole(value: Json, patch: Json) -> None:
    reference = {"$secret": patch}
    assert apply_merge_patch(value, reference) == reference
    assert apply_merge_patch({"a": value}, {"a": reference}) == {"a": reference}
    if not isinstance(patch, dict):
        assert apply_merge_patch({"a": reference}, {"a": patch}).get("a") == patch


def test_the_laws_meet_every_fate() -> None:
    """What the strategies above are trusted to make: patches that apply, and patches that fail in each way."""
    fates: set[type[Refusal] | None] = set()

    @settings(max_examples=500, derandomize=True, database=None)
    @given(values(), OPERATIONS)
    def meet(value: Json, patch: Json) -> None:
        try:
            apply_patch(value, patch)
            fates.add(None)
        except Refusal as refusal:
            fates.add(type(refusal))

    meet()
    assert {None, Malformed, ValueRefused, Conflict} <= fates
