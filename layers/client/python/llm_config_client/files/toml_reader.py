"""TOML 1.0 as JSON, to the digit. Dates have no JSON form and are refused, so that none changes its spelling."""

import re
import tomllib
from decimal import Decimal, InvalidOperation
from typing import Any

from llm_config_client.files.faults import Unreadable, too_deep
from llm_config_client.files.json_reader import depth
from llm_config_domain.json_text import Json

_PLACE = re.compile(r"\(at (?:line (\d+), column \d+|end of document)\)")
_SKIPPED = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}" + r'|"(?:[^"\\\n]|\\.)*"' + r"|'[^'\n]*'|#[^\n]*", re.DOTALL
)
"""Texts and comments, in which nothing is a value of its own."""
_DATE = re.compile(r"(?<=[=\[,])\s*(?:\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d)(?!\s*[=.\w])")
_NOT_FINITE = re.compile(r"(?<=[=\[,])\s*[-+]?(?:nan|inf)\b(?!\s*[=.])")

TOLD = (
    ("Cannot overwrite", "the same name twice"),
    ("Cannot declare", "the same table twice"),
    ("twice", "the same name twice"),
    ("Duplicate", "the same name twice"),
    ("Cannot mutate", "a name inside a table that is already closed"),
    ("Expected '='", "a name without its ="),
    ("Unterminated", "a quoted text that is not closed"),
    ("Unclosed", "a list or a table in brackets that is not closed"),
    ("Illegal character", "a control character"),
    ("Invalid value", "a value that is none: put the text in quotes"),
    ("Expected newline", "something follows the end of the value"),
    ("escape", "an escape that TOML does not know"),
)


class _NotFinite(Exception):
    pass


def read(text: str, *, max_depth: int) -> dict[str, Json]:
    """The one document of `text`. Raises Unreadable, with the line."""
    try:
        value = tomllib.loads(text, parse_float=_fraction)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(error, text) from None
    except _NotFinite:
        told = "NaN and Infinity are not JSON numbers: put the text in quotes, or leave it out"
        raise Unreadable(told, _line(_NOT_FINITE, text)) from None
    except (ValueError, InvalidOperation):
        raise Unreadable("a number with too many digits, or too large an exponent") from None
    except RecursionError:
        raise Unreadable(too_deep(max_depth)) from None
    _check(value, text, max_depth)
    return value


def _fraction(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise _NotFinite
    return number


def _check(value: Json, text: str, max_depth: int) -> None:
    if not value:
        raise Unreadable("the file holds no value: an empty object is {} in a .json file")
    if depth(value, max_depth) > max_depth:
        raise Unreadable(too_deep(max_depth))
    if _holds_date(value):
        raise Unreadable("a date or a time: JSON has none, put it in quotes", _line(_DATE, text))


def _holds_date(value: Any) -> bool:
    if isinstance(value, dict | list):
        return any(map(_holds_date, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, str | int | Decimal)


def _line(pattern: re.Pattern[str], text: str) -> int:
    """tomllib does not say where a value stood. What is not a text or a comment is left where it was, and searched."""
    bare = _SKIPPED.sub(lambda found: "\n" * found.group().count("\n") or "''", text)
    found = pattern.search(bare)
    return bare.count("\n", 0, found.end()) + 1 if found else 0


def _not_toml(error: tomllib.TOMLDecodeError, text: str) -> Unreadable:
    """The parser's problem in our words: some of its own quote the file."""
    message = str(error)
    told = next((ours for theirs, ours in TOLD if theirs in message), "")
    place = _PLACE.search(message)
    line = int(place.group(1)) if place and place.group(1) else len(text.rstrip().splitlines())
    return Unreadable(f"not TOML: {told}" if told else "not TOML", line)
