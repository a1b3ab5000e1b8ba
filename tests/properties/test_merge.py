"""Merging, as laws: what holds for every value."""

from copy import deepcopy

from hypothesis import example, given
from hypothesis import strategies as st

from llm_config_domain import json_text
from llm_config_domain.configs.merge import merge, merge_and_look, trace
from llm_config_domain.configs.resolve import render, rendered
from llm_config_domain.configs.special_values import Path, is_special
from llm_config_domain.json_text import Json

NAMES = st.sampled_from(["a", "b", "c", "$secret", "$literal", "x/y", ""])
SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
LAYERS = st.lists(VALUES, min_size=1, max_size=5)


def leaves(value: Json, path: Path = ()) -> dict[Path, Json]:
    if not isinstance(value, dict) or not value or is_special(value):
        return {path: value}
    return {at: leaf for name, member in value.items() for at, leaf in leaves(member, (*path, name)).items()}


TYPED = st.recursive(
    st.dictionaries(st.sampled_from(["scalar", "list"]), SCALARS | st.lists(SCALARS, max_size=2), max_size=2),
    lambda inner: st.dictionaries(st.sampled_from(["one", "two"]), inner, max_size=2),
    max_leaves=8,
)


@given(TYPED, TYPED, TYPED)
def test_merging_is_associative_while_no_name_changes_its_type(a: Json, b: Json, c: Json) -> None:
    assert merge([merge([a, b]), c]) == merge([a, merge([b, c])]) == merge([a, b, c])


def test_what_a_scalar_has_replaced_does_not_come_back() -> None:
    layers = [{"a": {"b": 1}}, {"a": 5}, {"a": {"c": 2}}]
    assert merge(layers) == {"a": {"c": 2}}


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_an_empty_object_changes_no_plain_object(value: Json) -> None:
    if not is_special(value):
        assert merge([value, {}]) == value == merge([{}, value])


@given(VALUES)
def test_a_layer_over_itself_is_itself(value: Json) -> None:
    assert merge([value, value]) == value


@given(LAYERS)
def test_inputs_are_neither_changed_nor_shared(layers: list[Json]) -> None:
    before = deepcopy(layers)
    merged = merge(layers)
    _spoil(merged)
    assert layers == before


def holds_special(value: Json) -> bool:
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return is_special(value) or any(map(holds_special, members))


@given(LAYERS)
def test_the_special_objects_of_the_merged_value_are_seen_and_no_others(layers: list[Json]) -> None:
    merged = merge(layers)
    assert merge_and_look(layers) == (merged, holds_special(merged))


@given(LAYERS)
def test_rendering_layers_is_rendering_what_they_merge_to(layers: list[Json]) -> None:
    assert rendered(layers) == render(merge(layers))


def _spoil(value: Json) -> None:
    if isinstance(value, dict):
        for member in value.values():
            _spoil(member)
        value["spoilt"] = True
    elif isinstance(value, list):
        for item in value:
            _spoil(item)
        value.append("spoilt")


@given(LAYERS)
def test_the_explanation_replays_to_the_same_value(layers: list[Json]) -> None:
    merged, origins = leaves(merge(layers)), trace(layers)
    assert set(origins) == set(merged)
    for path, origin in origins.items():
        assert leaves(layers[origin.layer])[path] == merged[path]
        assert all(shadow < origin.layer for shadow in origin.shadows)
        assert list(origin.shadows) == sorted(set(origin.shadows))


@given(LAYERS)
@example([{"b": None}, None, {"a": None}, {"b": None}])
def test_every_lower_layer_that_said_something_at_a_leaf_is_among_its_shadows(layers: list[Json]) -> None:
    """An object without members over another one says nothing (tests/unit/domain/test_merge.py), and what a layer
    between replaced above the leaf was hidden by that one."""
    for path, origin in trace(layers).items():
        between = [index for index in range(origin.layer) if _replaces_above(layers[index], path)]
        for below in range(max(between, default=0), origin.layer):
            if path != () and leaves(layers[below]).get(path, {}) != {}:
                assert below in origin.shadows


def _replaces_above(layer: Json, path: Path) -> bool:
    """Does it say something else than an object where `path` goes through one?"""
    told = leaves(layer)
    return any(told.get(path[:depth], {}) != {} for depth in range(len(path)))


@given(VALUES)
def test_exact_json_round_trips(value: Json) -> None:
    assert json_text.read(json_text.write(value)) == value
