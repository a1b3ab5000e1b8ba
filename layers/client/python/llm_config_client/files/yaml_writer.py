"""JSON as YAML in one canonical form: the same value is the same bytes, on every machine and with every PyYAML.

What is written means the same to readers of YAML 1.1 and 1.2, with one exception: `1E+400` is a number to 1.2 alone,
and stays as it is, to the digit. Text stands plain only when no reader could take it for anything else.
"""

import re
from collections.abc import Iterator

from llm_config_domain import json_text
from llm_config_domain.json_text import Json

INDENT = "  "
LONGEST_NAME = 1000
"""A longer name needs a mark of its own (`? `): YAML looks no further than 1024 characters for the colon."""

_PLAIN = re.compile(r"[A-Za-z_/][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@(+][A-Za-z0-9_./@+(),;'-]*)*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_ESCAPED = re.compile(
    '[\x00-\x1f"\\\\\x7f-\xa0\xad\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\U000e0000-\U000e0fff]'
)
"""What YAML cannot hold, what breaks a line, and what no eye sees or what turns the line around for it."""
_NOT_IN_BLOCK = re.compile("[\x00-\x09\x0b-\x1f\x7f-\xa0\xad\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
                           "\U000e0000-\U000e0fff]| +\n|^[ \n]|\n\n$| $")  # fmt: skip
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def write(value: Json) -> str:
    """The text of a file: names in the order given, numbers to the digit, texts of several lines as blocks."""
    return "".join(line + "\n" for line in _lines(value))


def _lines(value: Json) -> Iterator[str]:
    """The lines of `value`, not indented."""
    if isinstance(value, dict) and value:
        for name, member in value.items():
            yield from _member(_text(name), member)
    elif isinstance(value, list) and value:
        for item in value:
            yield from _item(item)
    else:
        yield from _leaf(value)


def _member(name: str, value: Json) -> Iterator[str]:
    if len(name) > LONGEST_NAME:
        yield f"? {name}"
        name = ""
    if isinstance(value, dict | list) and value:
        yield f"{name}:"
        yield from (_indented(line) for line in _lines(value))
    else:
        first, *rest = _leaf(value)
        yield f"{name}: {first}"
        yield from rest


def _item(value: Json) -> Iterator[str]:
    first, *rest = _lines(value)
    yield f"- {first}"
    nested = isinstance(value, dict | list)
    yield from (_indented(line) if nested else line for line in rest)


def _indented(line: str) -> str:
    return INDENT + line if line else line


def _leaf(value: Json) -> Iterator[str]:
    """One line, or a block whose lines are indented already."""
    if not isinstance(value, str):
        yield json_text.write(value)
    elif "\n" in value and not _NOT_IN_BLOCK.search(value):
        yield "|" if value.endswith("\n") else "|-"
        yield from (_indented(line) for line in value.removesuffix("\n").split("\n"))
    else:
        yield _text(value)


def _text(text: str) -> str:
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(found: re.Match[str]) -> str:
    character = found.group()
    number = ord(character)
    return _SHORT.get(character) or (f"\\U{number:08x}" if number > 0xFFFF else f"\\u{number:04x}")
