"""Cursors: what comes back is what was written, for its tenant and its query alone."""

import base64
import hashlib
import json
import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain import cursors
from llm_config_domain.errors import CursorInvalid, ForeignCursor
from llm_config_domain.names import TenantId

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")
OTHER = TenantId("01M7XB2CPDX901Z538HPJ3CH8C")
QUERY = {"list": "configs", "namespace": "team", "tag": None}
PLACE = ["team", "key", 7]
URL_SAFE = string.ascii_letters + string.digits + "-_"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
QUERIES = st.dictionaries(st.text(max_size=6), JSON, max_size=4)


def test_a_cursor_is_exactly_this() -> None:
    """Clients carry them past an upgrade: 12 bytes of SHA-256 over (length, tenant and place, query), then the two."""
    told = b'["01M7XB2CPDX901Z538HPJ3CH8B",["team","key",7]]'
    asked = b'{"list":"configs","namespace":"team","tag":null}'
    digest = hashlib.sha256(bytes([0, 0, 0, len(told)]) + told + asked).digest()[:12]
    expected = base64.urlsafe_b64encode(digest + told).decode().rstrip("=")
    assert cursors.write(TENANT, dict(reversed(QUERY.items())), PLACE) == expected


@given(QUERIES, JSON)
def test_a_place_comes_back_as_it_was_written(query: dict[str, Any], place: Any) -> None:
    text = cursors.write(TENANT, query, place)
    assert set(text) <= set(URL_SAFE)
    assert cursors.read(text, TENANT, query) == place


@given(QUERIES, QUERIES, JSON)
def test_a_cursor_is_of_one_query(query: dict[str, Any], other: dict[str, Any], place: Any) -> None:
    text = cursors.write(TENANT, query, place)
    if json.dumps(query, sort_keys=True) != json.dumps(other, sort_keys=True):
        with pytest.raises(CursorInvalid) as refused:
            cursors.read(text, TENANT, other)
        assert type(refused.value) is CursorInvalid


def test_another_tenants_cursor_is_told_from_a_broken_one_on_record_and_not_in_the_answer() -> None:
    text = cursors.write(TENANT, QUERY, PLACE)
    with pytest.raises(ForeignCursor) as foreign:
        cursors.read(text, OTHER, QUERY)
    with pytest.raises(CursorInvalid) as broken:
        cursors.read("x", TENANT, QUERY)
    assert type(broken.value) is CursorInvalid
    for said in ("kind", "title", "detail", "violations"):
        assert getattr(foreign.value, said) == getattr(broken.value, said)


def test_no_single_character_of_a_cursor_can_be_changed_dropped_or_added() -> None:
    text = cursors.write(TENANT, QUERY, PLACE)
    changed = {text[:at] + letter + text[at + 1 :] for at in range(len(text)) for letter in URL_SAFE + "=+/ %"}
    changed |= {text[:at] + text[at + 1 :] for at in range(len(text))}
    changed |= {text[:at] + letter + text[at:] for at in range(len(text) + 1) for letter in "A=-\n"}
    for other in changed - {text}:
        with pytest.raises(CursorInvalid) as refused:
            cursors.read(other, TENANT, QUERY)
        assert type(refused.value) is CursorInvalid


def other_spellings(text: str) -> set[str]:
    """Texts that a lenient decoder reads as the same bytes."""
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    spare = {text[:-1] + letter for letter in URL_SAFE}
    alike = {other for other in spare if base64.urlsafe_b64decode(other + "=" * (-len(other) % 4)) == raw}
    padded = {text + "=" * count for count in (1, 2, 3)}
    return (alike | padded | {base64.b64encode(raw).decode(), text + "\n", text.replace("-", "+")}) - {text}


@pytest.mark.parametrize("place", ["", "a", "ab", "???>>>~~~"])
def test_a_cursor_has_one_spelling(place: str) -> None:
    text = cursors.write(TENANT, QUERY, place)
    for other in other_spellings(text):
        with pytest.raises(CursorInvalid):
            cursors.read(other, TENANT, QUERY)


def sealed(told: bytes) -> str:
    """What somebody makes who knows how: the digest is not keyed."""
    asked = json.dumps(QUERY, sort_keys=True, separators=(",", ":")).encode()
    digest = hashlib.sha256(len(told).to_bytes(4) + told + asked).digest()[:12]
    return base64.urlsafe_b64encode(digest + told).decode().rstrip("=")


@pytest.mark.parametrize(
    "told", [b"", b"{", b"null", b"7", b"[]", b'["a"]', b'["a",1,2]', b"\xff\xfe", b'"ab"', b'{"a":1,"b":2}', b"[" * 3000],
)  # fmt: skip
def test_a_cursor_of_anothers_making_that_holds_no_place_is_invalid(told: bytes) -> None:
    with pytest.raises(CursorInvalid) as refused:
        cursors.read(sealed(told), TENANT, QUERY)
    assert type(refused.value) is CursorInvalid


@pytest.mark.parametrize("text", ["", "=", "====", "é", "\U0001f600", "a b", "A" * 4000])
def test_what_is_no_cursor_is_invalid(text: str) -> None:
    with pytest.raises(CursorInvalid):
        cursors.read(text, TENANT, QUERY)
