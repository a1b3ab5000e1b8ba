"""A secret that a test plants, and every form in which it could come out again."""

import base64
import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote, quote_plus

ROUNDED_DIGITS = 15
"""What a double keeps of a long number; enough of it to know the number by."""


def _raw(text: str) -> Iterable[bytes]:
    yield text.encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")


def _base64(text: str) -> Iterable[bytes]:
    """The characters that depend on the canary alone, whatever stands before it and behind it."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + text.encode())
        whole = coded[(0, 2, 3)[before] : (before + len(text.encode())) * 8 // 6]
        yield whole
        yield whole.translate(bytes.maketrans(b"+/", b"-_"))


def _hex(text: str) -> Iterable[bytes]:
    yield text.encode().hex().encode()
    yield text.encode().hex().upper().encode()


def _url(text: str) -> Iterable[bytes]:
    yield quote(text, safe="").encode()
    yield quote_plus(text).encode()
    yield "".join(f"%{byte:02X}" for byte in text.encode()).encode()
    yield "".join(f"%{byte:02x}" for byte in text.encode()).encode()


def _json(text: str) -> Iterable[bytes]:
    for once in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
        yield once.encode()
        yield json.dumps(once)[1:-1].encode()
    units = text.encode("utf-16-be").hex()
    for digits in (units, units.upper()):
        yield "".join(f"\\u{digits[at : at + 4]}" for at in range(0, len(digits), 4)).encode()


def _reversed(text: str) -> Iterable[bytes]:
    yield text[::-1].encode()


def _digits(text: str) -> Iterable[bytes]:
    number = number_of(text)
    yield str(number).encode()
    yield str(number)[:ROUNDED_DIGITS].encode()
    yield f"{number:.{ROUNDED_DIGITS - 2}e}".partition("e")[0].encode()


def _bytes_repr(text: str) -> Iterable[bytes]:
    yield repr(text.encode())[2:-1].encode()
    yield repr(text)[1:-1].encode()
    yield str(list(text.encode()))[1:-1].encode()


def _dict_key(text: str) -> Iterable[bytes]:
    yield json.dumps({text: 0})[1:-3].encode()
    yield f"{text!r}:".encode()


FORMS: dict[str, Callable[[str], Iterable[bytes]]] = {
    "raw": _raw,
    "base64": _base64,
    "hex": _hex,
    "url-encoded": _url,
    "JSON-escaped": _json,
    "reversed": _reversed,
    "int": _digits,
    "bytes": _bytes_repr,
    "dict key": _dict_key,
}


def number_of(text: str) -> int:
    """The canary as a number: its bytes, the first one the greatest."""
    return int.from_bytes(text.encode())


@dataclass(frozen=True)
class Canary:
    """At least 12 characters, so that no form of it turns up by chance."""

    text: str

    def __post_init__(self) -> None:
        assert len(self.text) >= 12, "a canary this short sings by chance"

    @property
    def number(self) -> int:
        return number_of(self.text)

    @cached_property
    def needles(self) -> dict[str, tuple[bytes, ...]]:
        return {form: tuple(dict.fromkeys(needles(self.text))) for form, needles in FORMS.items()}

    def found_in(self, content: bytes | str, forms: Collection[str] = FORMS.keys()) -> list[str]:
        """The names of the forms in which it stands in `content`; `forms` are those to look for."""
        held = content.encode("utf-8", "backslashreplace") if isinstance(content, str) else content
        return [form for form in forms if any(needle in held for needle in self.needles[form])]
