"""The form and the signature of a JWS (RFC 7515), checked strictly before anything in it is believed.

Three base64url parts without padding or stray bits, a small closed header, one of three asymmetric algorithms, and a
key that its issuer published for exactly this use. A key that a token brings along or points to is refused.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

import jwt
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from llm_config.ports.issuer_keys import IssuerKeys
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, Unauthenticated

MAX_TOKEN_BYTES = 7 * 1024
_PART = re.compile(r"[A-Za-z0-9_-]*")
_REFUSED_HEADERS = frozenset({"crit", "jku", "jwk", "x5u", "x5c", "b64", "enc", "zip"})
_KEY_SHAPES = {"RS256": ("RSA", None), "ES256": ("EC", "P-256"), "EdDSA": ("OKP", "Ed25519")}
_MIN_RSA_BITS = 2048


def verified_claims(token: str, keys: IssuerKeys) -> Mapping[str, Any]:
    """The claims of a token whose signature its own, trusted issuer made. Raises Unauthenticated, Unavailable.

    The unverified payload is read for one thing only: whose key to ask for.
    """
    header, payload = read_form(token)
    claims = _object(payload)
    issuer = claims.get("iss")
    if not isinstance(issuer, str):
        raise Unauthenticated("the token names no issuer")
    key = keys.find(issuer, header.get("kid"))
    if key is None:
        raise Unauthenticated("the token's issuer or key is not known here")
    check_signature(token, header, key)
    return claims


def read_form(token: str) -> tuple[Mapping[str, Any], bytes]:
    """(header, payload) of a compact JWS, nothing verified. Raises Unauthenticated."""
    if len(token) > MAX_TOKEN_BYTES:
        raise Unauthenticated("the token is longer than 7 KB")
    parts = token.split(".")
    if len(parts) != 3 or not all(parts[::2]):
        raise Unauthenticated("the token is not three base64url parts")
    header_bytes, payload, _ = (_decode(part) for part in parts)
    header = _object(header_bytes)
    if not _REFUSED_HEADERS.isdisjoint(header):
        raise Unauthenticated("the token's header carries what is not accepted here")
    if not isinstance(header.get("kid", ""), str):
        raise Unauthenticated("the token's key id is not text")
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm not in _KEY_SHAPES:
        raise Unauthenticated("the token's algorithm is not accepted: use RS256, ES256 or EdDSA")
    return header, payload


def check_signature(token: str, header: Mapping[str, Any], key: Mapping[str, Any]) -> None:
    """Raises Unauthenticated unless `key` was published for this algorithm and use, and made this signature."""
    algorithm = header["alg"]
    _check_use(key, algorithm)
    try:
        public = _public_key(key, algorithm)
        jwt.PyJWS().decode(token, public, algorithms=[algorithm])
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        raise Unauthenticated("the token's signature is not valid") from None


def _check_use(key: Mapping[str, Any], algorithm: str) -> None:
    kind, curve = _KEY_SHAPES[algorithm]
    operations = key.get("key_ops")
    fits = (
        key.get("kty") == kind
        and (curve is None or key.get("crv") == curve)
        and key.get("alg", algorithm) == algorithm
        and key.get("use", "sig") == "sig"
        and (operations is None or (isinstance(operations, list) and "verify" in operations))
    )
    if not fits:
        raise Unauthenticated("the token's key was not published for this use")


def _public_key(key: Mapping[str, Any], algorithm: str) -> Any:
    public = {name: value for name, value in key.items() if name in ("kty", "crv", "x", "y", "n", "e")}
    if algorithm == "RS256":
        rsa = RSAAlgorithm.from_jwk(public)
        if rsa.key_size < _MIN_RSA_BITS:
            raise ValueError("RSA keys have at least 2048 bits (RFC 7518 section 3.3)")
        return rsa
    return ECAlgorithm.from_jwk(public) if algorithm == "ES256" else OKPAlgorithm.from_jwk(public)


def _decode(part: str) -> bytes:
    """Strict base64url (RFC 7515 section 2): no padding, no other characters, and no bits left over."""
    if not _PART.fullmatch(part):
        raise Unauthenticated("the token is not three base64url parts")
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        raise Unauthenticated("the token is not three base64url parts") from None
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != part:
        raise Unauthenticated("the token is not three base64url parts")
    return raw


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        value = json_text.read(raw.decode("utf-8"))
    except (UnicodeDecodeError, Malformed):
        raise Unauthenticated("the token does not hold JSON objects") from None
    if not isinstance(value, dict):
        raise Unauthenticated("the token does not hold JSON objects")
    return value
