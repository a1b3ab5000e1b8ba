"""`jwt_signing_key`: what signs tokens (RFC 7518 section 3.1), and the public key that others check them with."""

import base64
import hashlib
from collections.abc import Mapping

from llm_config_domain import json_text
from llm_config_domain.errors import Violation
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.types.keys import check_strength, one_private_key
from llm_config_domain.secrets.types.members import Members, one_of, secret_text, text
from llm_config_domain.secrets.types.reading import Facts, Form, KeyFacts, Known, Reading

HMAC_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}
"""A secret is at least as long as the hash (RFC 7518 section 3.2)."""
_OF_KEY: Mapping[tuple[str, str | None], tuple[str, ...]] = {
    ("rsa", None): ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    ("ecdsa", "P-256"): ("ES256",),
    ("ecdsa", "P-384"): ("ES384",),
    ("ecdsa", "P-521"): ("ES512",),
    ("ed25519", "Ed25519"): ("EdDSA",),
}
ALGORITHMS = (*(name for names in _OF_KEY.values() for name in names), *HMAC_BYTES)
_THUMBPRINT = ("crv", "e", "kty", "n", "x", "y")
MEMBERS = Members(
    {"algorithm": one_of(*ALGORITHMS), "private_key": text, "secret": secret_text, "kid": text},
    frozenset({"algorithm"}),
)
_KEY_ALONE = Members({"private_key": text, "kid": text, "algorithm": one_of(*ALGORITHMS)}, frozenset({"private_key"}))


def thumbprint(jwk: Mapping[str, str]) -> str:
    """RFC 7638: the SHA-256 of the members that make the key, as base64url."""
    told = {name: jwk[name] for name in _THUMBPRINT if name in jwk}
    return base64.urlsafe_b64encode(hashlib.sha256(json_text.canonical(told).encode()).digest()).decode().rstrip("=")


def _read(value: Json, at: str) -> Reading:
    """A private key says itself which algorithms are its own; a shared secret does not."""
    if isinstance(value, str):
        return one_private_key("", value)
    has_key = isinstance(value, dict) and "private_key" in value
    violations = (_KEY_ALONE if has_key else MEMBERS).violations(value)
    if violations:
        return Reading(violations)
    return one_private_key("/private_key", value["private_key"]) if has_key else Reading(_of_secret(value))


def _of_secret(value: Json) -> tuple[Violation, ...]:
    least = HMAC_BYTES.get(value["algorithm"])
    if least is None:
        return (Violation("/private_key", "required", "this algorithm signs with a private key"),)
    if "secret" not in value:
        return (Violation("/secret", "required", "this algorithm signs with a secret"),)
    if len(value["secret"].encode()) < least:
        return (Violation("/secret", "weak", f"the secret of this algorithm has at least {least} bytes"),)
    return ()


def _judge(value: Json, reading: Reading, facts: Facts, at: str) -> Known:
    if facts.key is None:  # the thumbprint of a shared secret would help to guess it (RFC 7638 section 7)
        return Known(computed={name: value[name] for name in ("algorithm", "kid") if name in value})
    told = {} if isinstance(value, str) else value
    own = _OF_KEY.get((facts.key.algorithm, facts.key.curve), ())
    algorithm = told.get("algorithm") or (own[0] if own else "")
    found = check_strength(facts.key, _place(value))
    if algorithm not in own:
        found.append(Violation(_place(value), "algorithm", "no key of this kind signs with this algorithm"))
    return Known(tuple(found)) if found else Known(computed=_public(facts.key, algorithm, told.get("kid")))


def _public(key: KeyFacts, algorithm: str, kid: str | None) -> dict[str, Json]:
    named = kid or thumbprint(key.public_jwk)
    jwk = {**key.public_jwk, "use": "sig", "alg": algorithm, "kid": named}
    return {"algorithm": algorithm, "kid": named, "public_jwk": jwk}


def _place(value: Json) -> str:
    return "" if isinstance(value, str) else "/private_key"


JWT_SIGNING_KEY = Form(_read, _judge)
