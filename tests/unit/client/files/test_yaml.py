"""YAML files: the core schema of YAML 1.2, to the digit, and what is refused with its line."""

from decimal import Decimal
from typing import Any

import pytest
import yaml

from llm_config_client.files import yaml_reader
from llm_config_client.files.faults import Unreadable
from llm_config_domain import json_text

BILLION_LAUGHS = "a: &a [x]\nb: &b [*a, *a]\nc: [*b, *b]\n"


def read(text: str) -> Any:
    return yaml_reader.read(text, max_depth=61)


@pytest.fixture(params=["libyaml", "python"], autouse=True)
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """PyYAML comes with libyaml or without: both must say the same."""
    monkeypatch.setattr(yaml_reader, "PARSER", yaml.CSafeLoader if request.param == "libyaml" else yaml.SafeLoader)
    return str(request.param)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("no", "no", id="no is text"),
        pytest.param("[yes, on, off, y, Yes, NO]", ["yes", "on", "off", "y", "Yes", "NO"], id="so are its relatives"),
        pytest.param("[true, True, TRUE, tRUE]", [True, True, True, "tRUE"], id="three spellings of true"),
        pytest.param("[null, Null, NULL, ~, nuLL]", [None, None, None, None, "nuLL"], id="four spellings of null"),
        pytest.param("a:\nb: 1", {"a": None, "b": 1}, id="nothing is null"),
        pytest.param("0o17", 15, id="octal as 1.2 writes it"),
        pytest.param("0xFF", 255, id="hexadecimal"),
        pytest.param("0b11", "0b11", id="binary is of 1.1"),
        pytest.param("12:30:45", "12:30:45", id="sexagesimal is of 1.1"),
        pytest.param("1_000", "1_000", id="underscores are of 1.1"),
        pytest.param("2026-01-01", "2026-01-01", id="a date is text"),
        pytest.param("2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z", id="a time is text"),
        pytest.param("1.2.3", "1.2.3", id="a version is text"),
        pytest.param("+12", 12, id="a sign"),
        pytest.param("9007199254740993", 2**53 + 1, id="beyond the integers of a double"),
        pytest.param("=", "=", id="the value token of 1.1 is text"),
        pytest.param("'1'", "1", id="quoted text"),
        pytest.param('"\\u00e9\\U0001F600"', "é😀", id="escapes"),
        pytest.param("on: 1\n8080: 2\nnull: 3", {"on": 1, "8080": 2, "null": 3}, id="names are text as written"),
        pytest.param("? a\n: 1", {"a": 1}, id="a name with its own mark"),
        pytest.param("a: &x 1", {"a": 1}, id="an anchor that nobody uses"),
        pytest.param("# why\na: 1 # and why\n", {"a": 1}, id="comments"),
        pytest.param("%YAML 1.2\n---\na: 1\n...\n", {"a": 1}, id="the version that is read"),
        pytest.param("a: |\n  one\n  two\nb: >-\n  one\n  two\n", {"a": "one\ntwo\n", "b": "one two"}, id="blocks"),
        pytest.param('{"a": [1, {"b": null}]}', {"a": [1, {"b": None}]}, id="JSON"),
    ],
)
def test_a_value_is_what_yaml_1_2_says(text: str, value: Any) -> None:
    found = read(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("digits", ["1.10", "-0.5", "0.1000000000000000000000000001", "1E+400", "1e3", ".5", "6.02e23"])
def test_a_fraction_is_kept_to_the_digit(digits: str) -> None:
    assert str(read(digits)) == str(Decimal(digits))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("", 0, "holds no value", id="nothing"),
        pytest.param("# only a comment\n", 0, "holds no value", id="a comment"),
        pytest.param("---\n", 0, "holds no value", id="an empty document"),
        pytest.param("a: 1\nb: 2\na: 3\n", 3, "the same name twice", id="a name twice"),
        pytest.param('1: x\n"1": y\n', 2, "the same name twice", id="a name twice, once quoted"),
        pytest.param("a:\n  b: 1\n  c:\n    - {d: 1, d: 2}\n", 4, "the same name twice", id="deep inside"),
        pytest.param("a: .nan\n", 1, "NaN and Infinity", id="NaN"),
        pytest.param("a:\n  - -.Inf\n", 2, "NaN and Infinity", id="infinity"),
        pytest.param("a: 1\nmode: 0755\n", 2, "leading zeros", id="octal or decimal"),
        pytest.param("zip: 01234.5", 1, "leading zeros", id="a fraction with a leading zero"),
        pytest.param(f"a: {'9' * 5000}", 1, "too many digits", id="more digits than are read"),
        pytest.param("a: 1e99999999999999999999999", 1, "too large an exponent", id="an exponent"),
        pytest.param("a: !!python/object/apply:os.system [id]\n", 1, "a tag", id="a tag that would run something"),
        pytest.param("a: 1\nb: !!str 2\n", 2, "a tag", id="a harmless tag"),
        pytest.param("!x y: 1\n", 1, "a tag", id="a tag on a name"),
        pytest.param(BILLION_LAUGHS, 2, "an alias", id="billion laughs"),
        pytest.param("base: &b {x: 1}\nd:\n  <<: *b\n", 3, "merge key", id="a merge key"),
        pytest.param("[a, b]: 1\n", 1, "a name must be text", id="a list as a name"),
        pytest.param("a: 1\n? \n: 2\n", 2, "a name is missing", id="no name"),
        pytest.param("a: 1\n---\nb: 2\n", 2, "a second document", id="two documents"),
        pytest.param("%YAML 1.1\n---\na: 1\n", 1, "YAML 1.2", id="the version that is not read"),
        pytest.param("[" * 62 + "]" * 62, 1, "nested deeper than 61 levels", id="too deep"),
        pytest.param("[" * 100_000, 1, "nested deeper than 61 levels", id="far too deep"),
        pytest.param("a: 1\n\tb: 2\n", 2, "not YAML", id="a tab"),
        pytest.param("a: b: c\n", 1, "a second colon", id="two colons"),
        pytest.param("a: 1\n  b: 2\n", 2, "a second colon", id="a wrong indentation"),
        pytest.param("a: 1\nb: \"x\nc: 2\n", 2, "not closed", id="an open quote"),
        pytest.param("a: [1, 2\nb: 3\n", 2, "not YAML", id="an open list"),
        pytest.param("a: 1\nb: @x\n", 2, "begins nothing", id="a reserved character"),
        pytest.param("a: 1\nb: \x01\n", 2, "a control character", id="a control character"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, message: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text)
    assert (refused.value.line, message in refused.value.message) == (line, True), refused.value.message


def test_half_of_a_surrogate_pair_is_refused_or_left_to_the_last_check() -> None:
    try:
        value = read('a: "\\ud800"\n')
    except Unreadable as error:
        assert error.line == 1
    else:
        with pytest.raises(UnicodeEncodeError):
            json_text.write(value).encode()


def test_no_message_quotes_the_file() -> None:
    for text in ("canary: canary: canary\n", "canary: *canary\n", "a: !canary x\n", "canary: 'canary\n", "@canary\n"):
        with pytest.raises(Unreadable) as refused:
            read(text)
        assert "canary" not in str(refused.value)
