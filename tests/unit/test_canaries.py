"""The canary itself: each of its forms is found where it stands, and nothing is found where it does not."""

import base64
import json
import os
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.support.canaries import FORMS, Canary

PLAIN = Canary("canary5a1e77c0ffee")
ODD = Canary('sk-"canary"/é+\\5a1e&\n')
Encode = Callable[[bytes], bytes]
LEAKS: dict[str, Callable[[str], str]] = {
    "raw": lambda text: f"before {text} behind",
    "base64": lambda text: base64.b64encode(b"user:" + text.encode() + b":more").decode(),
    "hex": lambda text: text.encode().hex().upper(),
    "url-encoded": lambda text: f"?q={quote(text, safe='')}&x=1",
    "JSON-escaped": lambda text: "".join(f"\\u{ord(c):04x}" for c in text),
    "reversed": lambda text: text[::-1],
    "int": lambda text: json.dumps({"n": int.from_bytes(text.encode())}),
    "bytes": lambda text: repr({"body": text.encode()}),
    "dict key": lambda text: json.dumps({text: 1, "other": 2}),
}


@pytest.mark.parametrize("canary", [PLAIN, ODD], ids=["plain", "odd"])
@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_found(form: str, canary: Canary) -> None:
    assert form in canary.found_in(LEAKS[form](canary.text))


@pytest.mark.parametrize("canary", [PLAIN, ODD], ids=["plain", "odd"])
@pytest.mark.parametrize("before", range(3))
@pytest.mark.parametrize("behind", range(3))
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_base64_is_found_at_every_alignment(canary: Canary, before: int, behind: int, encode: Encode) -> None:
    leaked = encode(os.urandom(before) + canary.text.encode() + os.urandom(behind))
    assert "base64" in canary.found_in(leaked)


@pytest.mark.parametrize(
    ("form", "leaked"),
    [
        pytest.param("raw", ODD.text.encode("utf-16-le"), id="in UTF-16"),
        pytest.param("hex", ODD.text.encode().hex(), id="hex in lower case"),
        pytest.param("url-encoded", "".join(f"%{byte:02x}" for byte in ODD.text.encode()), id="every byte by percent"),
        pytest.param("JSON-escaped", json.dumps({"v": ODD.text}), id="as JSON writes it"),
        pytest.param("JSON-escaped", json.dumps({"v": ODD.text}, ensure_ascii=False), id="as we write it"),
        pytest.param("JSON-escaped", json.dumps(json.dumps(ODD.text)), id="JSON in JSON"),
        pytest.param("int", repr(float(ODD.number)), id="a rounded number"),
        pytest.param("int", json.dumps(float(ODD.number)), id="a rounded number in JSON"),
        pytest.param("bytes", repr([ODD.text]), id="the repr of text"),
        pytest.param("bytes", str(list(ODD.text.encode())), id="a list of bytes"),
        pytest.param("dict key", repr({ODD.text: 1}), id="the repr of a dictionary"),
    ],
)
def test_a_form_has_its_spellings(form: str, leaked: bytes | str) -> None:
    assert form in ODD.found_in(leaked)


@pytest.mark.parametrize("canary", [PLAIN, ODD], ids=["plain", "odd"])
@pytest.mark.parametrize(
    "unrelated",
    [
        pytest.param("", id="nothing"),
        pytest.param("the quick brown canary jumps over 5a1e lazy dogs", id="its words apart"),
        pytest.param(PLAIN.text[:-1] + ODD.text[:-3], id="all but its end"),
        pytest.param(json.dumps(list(range(5000))), id="numbers"),
        pytest.param(bytes(range(256)) * 64, id="all bytes"),
    ],
)
def test_what_is_unrelated_is_clean(canary: Canary, unrelated: bytes | str) -> None:
    assert canary.found_in(unrelated) == []


def test_two_canaries_are_told_apart() -> None:
    one, other = Canary("canary-0001-aaaa"), Canary("canary-0002-bbbb")
    assert one.found_in(other.text + base64.b64encode(other.text.encode()).decode()) == []


def test_a_canary_that_could_turn_up_by_chance_is_refused() -> None:
    with pytest.raises(AssertionError):
        Canary("short")
