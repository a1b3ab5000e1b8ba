"""JSON that keeps what it was given: numbers to the digit, and nothing that RFC 8259 leaves open.

A tenant's number must come back as it went in, also beyond 2^53 and with more digits than a double holds, so
fractions are `Decimal` here and integers are exact. Duplicate names, NaN, Infinity and lone surrogates are refused,
because two readers of one document could otherwise see two different values (RFC 8259 section 4, RFC 7493).
"""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, TypeAlias

import simplejson

from llm_config_domain.errors import Malformed

Json: TypeAlias = Any
"""dict[str, Json] | list[Json] | str | int | Decimal | bool | None, as `read` makes it."""

MAX_DEPTH = 64
_TOO_DEEP = f"the body is nested deeper than {MAX_DEPTH} levels"
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read(text: str) -> Json:
    """Parse one JSON document. Raises Malformed; the message says what rule it broke and quotes nothing."""
    try:
        value = _decoder().decode(text)
    except Malformed:
        raise
    except RecursionError:
        raise Malformed(_TOO_DEEP) from None
    except (ValueError, InvalidOperation) as error:
        raise Malformed("the body is not valid JSON (RFC 8259)") from error.with_traceback(None)
    if text.count("[") + text.count("{") > MAX_DEPTH:
        _check_depth(value)
    if _SURROGATE.search(text):
        _check_surrogates(value)
    return value


def write(value: Json) -> str:
    """The compact text of `value`: names in the order given, non-ASCII as it is, numbers to the digit."""
    return _encoder().encode(value)


def written(text: str) -> Json:
    """JSON text that `write` has made, as a part of a value that will be written: it is not written again."""
    return simplejson.RawJSON(text)


def canonical(value: Json) -> str:
    """`write` with sorted names: equal values give equal text, for digests of our own making."""
    return _encoder(sort_keys=True).encode(value)


def pointer(parts: Sequence[str | int]) -> str:
    """The JSON Pointer of a path (RFC 6901): `a/b` and `m~n` are escaped, the root is the empty string."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


@cache
def _decoder() -> simplejson.JSONDecoder:
    """Made once: making one costs as much as reading a small document."""
    return simplejson.JSONDecoder(
        parse_float=Decimal, object_pairs_hook=_unique_names, parse_constant=_no_constant, allow_nan=False
    )


@cache
def _encoder(*, sort_keys: bool = False) -> simplejson.JSONEncoder:
    return simplejson.JSONEncoder(
        use_decimal=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=sort_keys
    )


def _check_depth(value: Json) -> None:
    """Level by level; a parser that met its own limit before said so itself."""
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [
            member
            for around in level
            for member in (around.values() if around.__class__ is dict else around)
            if member.__class__ is dict or member.__class__ is list
        ]
        if not level:
            return
    raise Malformed(_TOO_DEEP)


def _unique_names(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Malformed("an object of the body has the same name twice")
    return members


def _no_constant(name: str) -> Json:
    raise Malformed("NaN and Infinity are not JSON numbers")


def _check_surrogates(value: Json) -> None:
    try:
        write(value).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Malformed("a string of the body holds half of a surrogate pair") from error.with_traceback(None)


def is_number(value: Json) -> bool:
    """True for a JSON number; Python's bool is an int, JSON's is not."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
