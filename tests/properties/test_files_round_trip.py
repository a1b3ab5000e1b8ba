"""Any value, written to a file and read again, is the same to the digit; written once more, it is the same bytes."""

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from llm_config_client.files import dotenv, json_reader, json_writer, toml_reader, toml_writer, yaml_reader, yaml_writer
from llm_config_client.files.faults import Unreadable
from llm_config_domain import json_text
from tests.support.fleet import FLEET, files

MAX_DEPTH = 61
LOOK_LIKE = ["yes", "no", "null", "~", "1", "1e3", "0o17", "<<", "", "2026-01-01", "---", "...", "a\n---\nb\n", "=",
             "1_000", "12:30:00", ".inf", "x" * 1100, "- a", "a: b", "a #b", "\ufeff", "\u2028", "\x85", "😀\u200d"]  # fmt: skip
TEXTS = st.text() | st.text("\n \t\"'\\ab:#-{}[]%@&*!|>?,") | st.sampled_from(LOOK_LIKE)
NUMBERS = st.integers() | st.integers(-(10**40), 10**40) | st.decimals(allow_nan=False, allow_infinity=False)


def values(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    def wider(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)

    # As the service has it: read from JSON text.
    return st.recursive(leaves, wider, max_leaves=20).map(lambda value: json_text.read(json_text.write(value)))


VALUES = values(st.none() | st.booleans() | NUMBERS | TEXTS)


@pytest.mark.parametrize(
    ("writer", "reader"), [pytest.param(yaml_writer, yaml_reader, id="yaml"),
                           pytest.param(json_writer, json_reader, id="json")]
)  # fmt: skip
@given(value=VALUES)
def test_a_value_comes_back_with_its_order_and_its_digits(writer: Any, reader: Any, value: Any) -> None:
    text = writer.write(value)
    found = reader.read(text, max_depth=MAX_DEPTH)
    assert json_text.write(found) == json_text.write(value)
    assert writer.write(found) == text


@given(value=VALUES.filter(toml_writer.holds))
def test_toml_keeps_the_digits_and_settles_the_order_at_once(value: Any) -> None:
    text = toml_writer.write(value)
    found = toml_reader.read(text, max_depth=MAX_DEPTH)
    assert json_text.canonical(found) == json_text.canonical(value)
    assert toml_writer.write(found) == text


@given(value=values(st.none() | st.booleans() | st.integers() | TEXTS))
def test_other_readers_understand_the_same(value: Any) -> None:
    assert yaml.safe_load(yaml_writer.write(value)) == value
    assert json.loads(json_writer.write(value)) == value


PIECES = ["\t", "\n", "  ", "- ", "? ", ": ", "{", "}", "[", "]", "&a ", "*a", "!x ", "<<: ", "'", '"', '"""', "\\", "\x00",
          "\x85", "0", "1e999999999", "9" * 5000, "-inf", "2026-01-01", "|2", ">-\n", "%YAML 1.1\n", "---", "...", "#", "=",
          "[[a]]\n", "\\ud800", "${X}", "\r", ",", "`", "a.b = 1\n"]  # fmt: skip
TEXTS_OF_FLEET = [file.read_text(encoding="utf-8") for file in files(FLEET)]


@given(
    text=st.sampled_from(TEXTS_OF_FLEET),
    struck=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 20), st.sampled_from(PIECES)), min_size=1, max_size=6),
)
def test_whatever_stands_in_a_file_it_is_a_value_or_told_with_its_line(
    text: str, struck: list[tuple[float, int, str]]
) -> None:
    for where, length, piece in struck:
        at = int(where * len(text))
        text = text[:at] + piece + text[at + length :]
    for reader in (yaml_reader, json_reader, toml_reader):
        try:
            reader.read(text, max_depth=MAX_DEPTH)
        except Unreadable as error:
            assert 0 <= error.line <= text.count("\n") + 2
    dotenv.read(text)
