"""How the answer of a feed is sent: with a digest by which its reader knows that it came whole, and compressed for who
takes that. A feed holds no secret, so the length of what is compressed gives none away."""

import base64
import gzip
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

MIN_BYTES = 1024
"""Below it compression saves less than it costs."""


def sent(body: str, headers: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """(headers, members of API Gateway's answer) for `body`. `headers` are the request's, by lower-case name.

    The digest is of the JSON, whatever it is sent as (`Repr-Digest`, RFC 9530 section 3).
    """
    raw = body.encode()
    told = {"Repr-Digest": digest(raw), "Vary": "Accept-Encoding"}
    if len(raw) < MIN_BYTES or not _takes_gzip(headers.get("accept-encoding", "")):
        return told, {"body": body}
    packed = base64.b64encode(gzip.compress(raw, mtime=0)).decode()
    return {**told, "Content-Encoding": "gzip"}, {"body": packed, "isBase64Encoded": True}


def digest(raw: bytes) -> str:
    """As the header says it."""
    return f"sha-256=:{base64.b64encode(sha256(raw).digest()).decode()}:"


def _takes_gzip(accepted: str) -> bool:
    """RFC 9110 section 12.5.3; whoever says nothing gets what everybody can read."""
    weights = dict(_weighed(part) for part in accepted.lower().split(","))
    return weights.get("gzip", weights.get("*", False))


def _weighed(part: str) -> tuple[str, bool]:
    coding, _, weight = part.partition(";")
    return coding.strip(), weight.replace(" ", "").strip("0.") != "q="
