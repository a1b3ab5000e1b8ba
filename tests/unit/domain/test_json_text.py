"""Exact JSON: what goes in comes out, and what two readers could read in two ways is refused."""

from collections.abc import Callable
from typing import Any

import pytest

from llm_config_domain import json_text
from llm_config_domain.errors import Malformed


@pytest.mark.parametrize(
    "text",
    [
        "9007199254740993",
        "123456789012345678901234567890",
        "0.1000000000000000055511151231257827",
        "1.10",
        "-0.0",
        "1E+400",
        '"é\u2028"',
        '{"b":1,"a":[true,false,null]}',
    ],
)
def test_a_value_comes_back_as_it_went_in(text: str) -> None:
    assert json_text.write(json_text.read(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("NaN", id="NaN"),
        pytest.param("[-Infinity]", id="Infinity"),
        pytest.param('{"a":1,"a":1}', id="a name twice"),
        pytest.param('{"a":1,"\\u0061":2}', id="a name twice, once escaped"),
        pytest.param('"\\ud800"', id="half a surrogate pair"),
        pytest.param('{"\\udfff":1}', id="half a pair in a name"),
        pytest.param("[" * 65 + "]" * 65, id="65 levels"),
        pytest.param("[" * 100_000, id="a bomb"),
        pytest.param('"' + '\\"' * 500_000, id="an unclosed text of a million characters"),
        pytest.param('{"a":' * 65 + "1" + "}" * 65, id="65 levels of objects"),
        pytest.param("1e99999999999999999999999", id="an exponent that no number has"),
        pytest.param("", id="nothing"),
        pytest.param("{} {}", id="two documents"),
        pytest.param("[1,]", id="a comma too many"),
        pytest.param("01", id="a leading zero"),
        pytest.param("'a'", id="single quotes"),
        pytest.param('"\x01"', id="a control character"),
    ],
)
def test_what_is_not_one_clear_document_is_refused(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        json_text.read(text)
    assert refused.value.detail.startswith(("the body", "an object", "a string", "NaN and Infinity"))


def test_64_levels_are_allowed_and_brackets_in_text_do_not_count() -> None:
    assert json_text.read("[" * 64 + "]" * 64)
    assert json_text.read('"' + "[" * 100 + '\\"{{{{"') == "[" * 100 + '"{{{{'


def test_a_surrogate_pair_is_one_character() -> None:
    assert json_text.read('"\\ud83d\\ude00"') == "\U0001f600"


def test_a_bool_is_not_a_number() -> None:
    assert json_text.is_number(json_text.read("1.5")) and not json_text.is_number(True)


def test_canonical_text_does_not_depend_on_the_order_of_names() -> None:
    assert json_text.canonical({"b": 1, "a": {"d": 1, "c": 2}}) == json_text.canonical({"a": {"c": 2, "d": 1}, "b": 1})


@pytest.mark.parametrize(("parts", "pointer"), [((), ""), (("a/b", "m~n", 0), "/a~1b/m~0n/0"), (("",), "/")])
def test_a_pointer_escapes_as_rfc_6901_says(parts: tuple[str | int, ...], pointer: str) -> None:
    assert json_text.pointer(parts) == pointer


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"b": [1, 2], "a": {"d": "é", "c": None}}, '{"a":{"c":null,"d":"é"},"b":[1,2]}', id="compact"),
        pytest.param({"n": json_text.read("1.10")}, '{"n":1.10}', id="numbers to the digit"),
    ],
)
def test_canonical_text_is_exactly_this(value: json_text.Json, text: str) -> None:
    """Stored digests are made of it: another text would be another request."""
    assert json_text.canonical(value) == text


@pytest.mark.parametrize("write", [json_text.write, json_text.canonical])
@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_json_number_is_never_written(write: Callable[[Any], str], number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        write([number])


@pytest.mark.parametrize("beside", ["[]", "{}"])
def test_depth_is_counted_by_what_is_open_and_not_by_what_was(beside: str) -> None:
    assert json_text.read("[" + ",".join([beside] * 100) + "]")
    with pytest.raises(Malformed):
        json_text.read(f"[{beside},{beside}," + "[" * 64 + "]" * 64 + "]")
    with pytest.raises(Malformed):
        json_text.read(beside + "[" * 65 + "]" * 65)


def test_what_closes_gives_back_one_level_and_no_more() -> None:
    with pytest.raises(Malformed):
        json_text.read("[" * 60 + "[]," + "[" * 5 + "]" * 65)
    assert json_text.read("[" * 60 + "[]," + "[" * 4 + "]" * 64)


def test_text_that_was_written_is_put_into_another_as_it_is() -> None:
    assert json_text.write({"a": json_text.written('{"b":1.50}')}) == '{"a":{"b":1.50}}'
