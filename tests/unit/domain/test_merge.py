"""Merging, case by case; its laws are in tests/properties."""

from typing import Any

import pytest

from llm_config_domain.configs.merge import Origin, merge, trace

SECRET = {"$secret": "api-keys/openai"}


@pytest.mark.parametrize(
    ("layers", "merged"),
    [
        pytest.param([{"a": 1}], {"a": 1}, id="one layer is itself"),
        pytest.param(
            [{"a": 1, "b": 1}, {"b": 2, "c": 2}], {"a": 1, "b": 2, "c": 2}, id="names of both, the later wins"
        ),
        pytest.param([{"a": {"b": 1, "c": 1}}, {"a": {"c": 2}}], {"a": {"b": 1, "c": 2}}, id="objects deep"),
        pytest.param([{"a": [1, 2]}, {"a": [3]}], {"a": [3]}, id="arrays replace"),
        pytest.param([{"a": {"b": 1}}, {"a": None}], {"a": None}, id="null replaces an object"),
        pytest.param([{"a": 1}, {"a": {"b": 2}}], {"a": {"b": 2}}, id="an object replaces a scalar"),
        pytest.param([{"a": {"b": 1}}, {"a": SECRET}], {"a": SECRET}, id="a special object replaces an object"),
        pytest.param([{"a": SECRET}, {"a": {"b": 1}}], {"a": {"b": 1}}, id="an object replaces a special object"),
        pytest.param([{"a": 1}, {}], {"a": 1}, id="an empty object changes nothing"),
        pytest.param([1, {"a": 1}], {"a": 1}, id="an object over a whole value"),
        pytest.param([{"a": 1}, [1]], [1], id="a whole value over an object"),
        pytest.param([{"a": 1}, {"a": 2}, {"a": 3}], {"a": 3}, id="three layers"),
    ],
)
def test_layers_merge(layers: list[Any], merged: Any) -> None:
    assert merge(layers) == merged


@pytest.mark.parametrize(
    ("layers", "origins"),
    [
        pytest.param([{"a": 1}], {("a",): Origin(0)}, id="one layer"),
        pytest.param([5], {(): Origin(0)}, id="a whole value"),
        pytest.param([{}], {(): Origin(0)}, id="an object without members is a leaf"),
        pytest.param([{}, {}], {(): Origin(0)}, id="and stays one under another"),
        pytest.param([{"a": {}}, {"a": {}}, {"a": 1}], {("a",): Origin(2, (0,))}, id="where the second says nothing"),
        pytest.param([{}, {"a": 1}], {("a",): Origin(1, (0,))}, id="until something lies over it"),
        pytest.param([{"a": 1}, {"a": 2}], {("a",): Origin(1, (0,))}, id="a leaf hides the one below"),
        pytest.param(
            [{"a": 1}, {"a": 2}, {"a": 3}], {("a",): Origin(2, (0, 1))}, id="and those below it, the lowest first"
        ),
        pytest.param(
            [{"a": {"b": 1}}, {"a": {"c": 2}}, {"a": 3}],
            {("a",): Origin(2, (0, 1))},
            id="a scalar hides every layer of an object",
        ),
        pytest.param(
            [{"a": 1}, {"b": 2}, {"b": 3}], {("a",): Origin(0), ("b",): Origin(2, (1,))}, id="only who said something"
        ),
        pytest.param(
            [{"a": 1}, {"b": {"c": 2}}], {("a",): Origin(0), ("b", "c"): Origin(1)}, id="an object of a new name"
        ),
        pytest.param([{"a": SECRET}], {("a",): Origin(0)}, id="a special object is a leaf"),
        pytest.param([{"a": [{"b": 1}]}], {("a",): Origin(0)}, id="an array is a leaf"),
        pytest.param([{"a": 1}, {"a": {"b": 2}}], {("a", "b"): Origin(1, (0,))}, id="an object over a scalar"),
    ],
)
def test_each_leaf_knows_its_layer_and_those_that_it_hides(layers: list[Any], origins: Any) -> None:
    assert trace(layers) == origins


def test_the_answer_shares_nothing_with_its_layers() -> None:
    layers = [{"a": [[1]], "b": {"c": [2]}}, {"d": {"e": [3]}}]
    merged = merge(layers)
    merged["a"][0].append("x")
    merged["b"]["c"].append("x")
    merged["d"]["e"].append("x")
    merged["d"]["f"] = "x"
    assert layers == [{"a": [[1]], "b": {"c": [2]}}, {"d": {"e": [3]}}]
