"""JSON and TOML files: to the digit, and what is refused with its line."""

from decimal import Decimal
from typing import Any

import pytest

from llm_config_client.files import json_reader, toml_reader
from llm_config_client.files.faults import Unreadable
from llm_config_domain import json_text


def deep(levels: int) -> str:
    return "[\n" * levels + "]" * levels


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("", 0, "holds no value", id="nothing"),
        pytest.param(" \n", 0, "holds no value", id="nothing but space"),
        pytest.param('{"a": 1,\n "b": [1, 2\n', 2, "not JSON", id="an open list"),
        pytest.param('{"a": 1,\n "b" 2}', 2, "not JSON", id="no colon"),
        pytest.param('{"a": 1}\n{}', 2, "not JSON", id="two values"),
        pytest.param('{\n"a": 1, // why\n"b": 2}', 2, "not JSON", id="a comment"),
        pytest.param('{\n"a": 1,\n"b": {"a": 2},\n"a": 3}', 4, "the same name twice", id="a name twice"),
        pytest.param('[{"a": 1},\n{"a": 1, "b": "a",\n"\\u0061": 2}]', 3, "the same name twice", id="once escaped"),
        pytest.param('{"a": "NaN",\n"b": NaN}', 2, "NaN and Infinity", id="NaN"),
        pytest.param("[1,\n-Infinity]", 2, "NaN and Infinity", id="infinity"),
        pytest.param('["a",\n"\\ud800"]', 2, "surrogate", id="half of a surrogate pair"),
        pytest.param(deep(62), 62, "nested deeper than 61 levels", id="too deep for a batch"),
        pytest.param(deep(65), 62, "nested deeper than 61 levels", id="too deep for the service"),
        pytest.param("[" * 100_000, 1, "nested deeper than 61 levels", id="far too deep"),
        pytest.param("9" * 5000, 0, "valid JSON", id="more digits than are read"),
        pytest.param("1e9999999999999999999", 0, "valid JSON", id="an exponent"),
    ],
)
def test_what_is_wrong_with_json_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(Unreadable) as refused:
        json_reader.read(text, max_depth=61)
    assert (refused.value.line, message in refused.value.message) == (line, True), refused.value.message


def test_json_is_as_the_service_reads_it() -> None:
    text = '{"n": 1.10, "big": 9007199254740993, "far": 1E+400, "list": [[[]]]}'
    assert json_text.write(json_reader.read(text, max_depth=61)) == text.replace(": ", ":").replace(", ", ",")
    assert json_reader.read(deep(61), max_depth=61)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("n = 1.10", {"n": Decimal("1.10")}, id="a fraction"),
        pytest.param("n = 9_007_199_254_740_993", {"n": 2**53 + 1}, id="a large number"),
        pytest.param("n = 1e400", {"n": Decimal("1E+400")}, id="a far number"),
        pytest.param("n = 0o17\nm = 0xFF\nb = 0b11", {"n": 15, "m": 255, "b": 3}, id="other bases"),
        pytest.param("[a.b]\nc = 'x'\n[[d]]\n[[d]]\ne = true", {"a": {"b": {"c": "x"}}, "d": [{}, {"e": True}]},
                     id="tables"),
        pytest.param('t = """\none\ntwo"""', {"t": "one\ntwo"}, id="a block"),
    ],
)  # fmt: skip
def test_toml_is_read_to_the_digit(text: str, value: Any) -> None:
    assert json_text.write(toml_reader.read(text, max_depth=61)) == json_text.write(value)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("", 0, "holds no value", id="nothing"),
        pytest.param("# why\n", 0, "holds no value", id="a comment"),
        pytest.param("a = 1\nb = 2\na = 3\n", 3, "the same name twice", id="a name twice"),
        pytest.param("[t]\na = 1\n[t]\nb = 1\n", 3, "the same table twice", id="a table twice"),
        pytest.param("a = {x = 1, x = 2}", 1, "the same name twice", id="a name twice in braces"),
        pytest.param("a = 1\nb = \n", 2, "not TOML", id="no value"),
        pytest.param("a = 1\nb\n", 2, "without its =", id="no ="),
        pytest.param("a = 1\nb = 'x\n", 2, "not TOML", id="an open quote"),
        pytest.param("a = 1\nb = [1, 2\n", 2, "not closed", id="an open list"),
        pytest.param("a = 1\nb = hello\n", 2, "put the text in quotes", id="text without quotes"),
        pytest.param("a = null", 1, "put the text in quotes", id="null"),
        pytest.param("a = 1 b = 2", 1, "something follows", id="two on a line"),
        pytest.param("a = 'x'\nb = nan", 2, "NaN and Infinity", id="NaN"),
        pytest.param("a = 'inf = inf' # = inf\nb = [1.5,\n-inf]", 3, "NaN and Infinity", id="infinity"),
        pytest.param("# = 2026-01-01\na = '2026-01-01'\nb = 2026-01-01", 3, "a date or a time", id="a date"),
        pytest.param('a = """\n= 2026-01-01\n"""\nb = [ 07:32:00 ]', 4, "a date or a time", id="a time"),
        pytest.param("a = 0755", 1, "not TOML", id="a leading zero"),
        pytest.param(f"a = {'9' * 5000}", 0, "too many digits", id="more digits than are read"),
        pytest.param("a = 1e9999999999999999999", 0, "too large an exponent", id="an exponent"),
        pytest.param(f"{'a.' * 62}b = 1", 0, "nested deeper", id="too deep"),
        pytest.param(f"a = {'[' * 50_000}", 0, "nested deeper", id="far too deep"),
    ],
)
def test_what_is_wrong_with_toml_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(Unreadable) as refused:
        toml_reader.read(text, max_depth=61)
    assert (refused.value.line, message in refused.value.message) == (line, True), refused.value.message
