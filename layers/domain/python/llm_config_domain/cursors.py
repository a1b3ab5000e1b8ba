"""Where a listing stands, as text that a client carries: bound to its tenant and its query.

A cursor is no credential and holds no secret: whoever makes one of their own gets what their own query would give
from that place on, because the tenant is always the caller's and every part is checked as any input is. So its digest
is not keyed; it finds what was changed or used with another query (ADR 11).
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from llm_config_domain.errors import CursorInvalid, ForeignCursor
from llm_config_domain.names import TenantId

_DIGEST_BYTES = 12


def write(tenant: TenantId, query: Mapping[str, Any], place: Any) -> str:
    """`query` is everything that the listing depends on; `place` is JSON. The text is safe in a URL."""
    told = json.dumps([tenant, place], separators=(",", ":")).encode()
    return _text(_digest(told, query) + told)


def read(text: str, tenant: TenantId, query: Mapping[str, Any]) -> Any:
    """The place. Raises CursorInvalid when it was not written for this tenant and this query, or was changed."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        digest, told = raw[:_DIGEST_BYTES], raw[_DIGEST_BYTES:]
        if _text(raw) != text or digest != _digest(told, query):
            raise CursorInvalid
        inside = json.loads(told)
    except (binascii.Error, ValueError, RecursionError):
        raise CursorInvalid from None
    if not isinstance(inside, list) or len(inside) != 2:
        raise CursorInvalid
    theirs, place = inside
    if theirs != tenant:
        raise ForeignCursor
    return place


def _text(raw: bytes) -> str:
    """The one text of these bytes: base64 has several for some, and only ours is taken."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _digest(told: bytes, query: Mapping[str, Any]) -> bytes:
    asked = json.dumps(query, sort_keys=True, separators=(",", ":")).encode()
    return hashlib.sha256(len(told).to_bytes(4) + told + asked).digest()[:_DIGEST_BYTES]
