"""The table of tokens that nobody may be let in with. The claims of the first table are good; its form is not."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes

from tests.unit.runtime.forge import (
    CANARY,
    ISSUER,
    NOW,
    OTHER_ISSUER,
    Forge,
    as_json,
    claims_with,
    compact,
    flipped,
    in_standard_alphabet,
    stray_bit,
    with_part,
)

Make = Callable[[Forge], str]


def case(name: str, make: Make) -> Any:
    return pytest.param(make, id=name)


def each(name: str, values: Sequence[Any], make: Callable[[Forge, Any], str]) -> list[Any]:
    """A case for each value, which its id names as JSON."""
    return [case(f"{name} {json.dumps(value)}", _with(make, value)) for value in values]


def _with(make: Callable[[Forge, Any], str], value: Any) -> Make:
    return lambda forge: make(forge, value)


def _unsigned(algorithm: str) -> Make:
    return lambda forge: forge.token(header={"alg": algorithm, "kid": "ec"}, sign=lambda _: b"")


def _named(algorithm: Any) -> Make:
    return lambda forge: forge.with_header(alg=algorithm)


def _header(**members: Any) -> Make:
    return lambda forge: forge.with_header(**members)


def _key(kid: str) -> Make:
    return lambda forge: forge.with_header(kid=kid)


def _payload(raw: bytes) -> Make:
    return lambda forge: forge.token(claims=raw)


def _raw_header(raw: bytes) -> Make:
    return lambda forge: forge.token(header=raw)


def _cut(count: int) -> Make:
    return lambda forge: ".".join([*forge.token().split("."), "AAAA", "AAAA"][:count])


def _own_key(forge: Forge) -> str:
    mine = {**forge.public["ec"]}
    return forge.token(header={"alg": "ES256", "kid": "ec", "jwk": mine})


ALGORITHMS = [
    *[case(f"algorithm {word}, no signature", _unsigned(word)) for word in ("none", "None", "NONE", "nOnE", "")],
    *[case(f"algorithm {word}, signed all the same", _named(word)) for word in ("none", "NonE")],
    *[case(f"algorithm {word}", _named(word)) for word in ("XX256", "ES384", "PS256", "HS256", "es256", "ES256 ")],
    *each("algorithm is", [None, 256, True, ["ES256"], {"a": "ES256"}], lambda f, alg: f.with_header(alg=alg)),
    case("no algorithm", _raw_header(b'{"kid": "ec"}')),
    case("HS256 with the RSA key's PEM", lambda f: f.signed_by("HS256", "rsa", f.hs256(f.pem("rsa")))),
    case("HS256 with the EC key's PEM", lambda f: f.signed_by("HS256", "ec", f.hs256(f.pem("ec")))),
    case("HS256 with the EC key's JWK", lambda f: f.signed_by("HS256", "ec", f.hs256(as_json(f.public["ec"])))),
    case("HS256 with nothing", lambda f: f.signed_by("HS256", "ec", f.hs256(b""))),
    case("ES256 under an HMAC of the PEM", lambda f: f.signed_by("ES256", "ec", f.hs256(f.pem("ec")))),
    case("ES256 with an RSA key", lambda f: f.signed_by("ES256", "rsa", f.es256)),
    case("RS256 with an EC key", lambda f: f.signed_by("RS256", "ec", f.rs256)),
    case("EdDSA with an EC key", lambda f: f.signed_by("EdDSA", "ec", f.ed.sign)),
    case("RS256 with an Ed25519 key", lambda f: f.signed_by("RS256", "ed", f.rs256)),
    case("ES256 with a symmetric key", lambda f: f.signed_by("ES256", "symmetric", f.es256)),
]

HEADERS = [
    case("crit", _header(crit=["exp"])),
    case("crit with nothing in it", _header(crit=[])),
    case("jku", _header(jku=f"https://{CANARY}.example/jwks.json")),
    case("x5u", _header(x5u=f"https://{CANARY}.example/cert.pem")),
    case("x5c", _header(x5c=["AAAA"])),
    case("a key of its own", _own_key),
    case("b64 false", _header(b64=False)),
    case("b64 false and critical", _header(b64=False, crit=["b64"])),
    case("zip", _header(zip="DEF")),
    case("enc", _header(enc="A256GCM")),
    case("key id is a path", _header(kid="../../../../dev/null")),
    case("key id is a known one behind a path", _header(kid="./ec")),
    case("key id with a query", _header(kid="ec' OR '1'='1")),
    case("key id with a zero byte", _header(kid="ec\x00")),
    case("key id with another case", _header(kid="EC")),
    case("key id is empty", _header(kid="")),
    *each("key id is", [None, 7, True, ["ec"], {"kid": "ec"}], lambda f, kid: f.with_header(kid=kid)),
    case("no key id where the issuer has several keys", lambda f: f.token(header={"alg": "ES256"})),
    case("a name twice in the header", _raw_header(b'{"alg": "none", "alg": "ES256", "kid": "ec"}')),
    case("a key id twice", _raw_header(b'{"alg": "ES256", "kid": "ed", "kid": "ec"}')),
    case("the header is a list", _raw_header(b'["ES256"]')),
    case("the header is text", _raw_header(b'"ES256"')),
    case("the header is not JSON", _raw_header(b"{alg: ES256}")),
    case("the header is not UTF-8", _raw_header(b'{"alg": "ES256", "kid": "ec", "typ": "\xff"}')),
    case("the header has NaN", _raw_header(b'{"alg": "ES256", "kid": "ec", "n": NaN}')),
    case(
        "the header is nested too deep",
        _raw_header(b'{"alg": "ES256", "kid": "ec", "n": ' + b"[" * 500 + b"]" * 500 + b"}"),
    ),
]

FORMS = [
    *[case(f"{count} parts", _cut(count)) for count in (1, 2, 4, 5)],
    *each("padded is part", range(3), lambda f, n: with_part(f.token(), n, lambda part: part + "=")),
    *each("empty is part", range(3), lambda f, n: with_part(f.token(), n, lambda _: "")),
    *each("flipped in the header is byte", [0, 20, -1], lambda f, at: flipped(f.token(), 0, at)),
    *each("flipped in the payload is byte", [0, 20, -1], lambda f, at: flipped(f.token(), 1, at)),
    *each("flipped in the signature is byte", [0, 20, -1], lambda f, at: flipped(f.token(), 2, at)),
    case("a signature in the standard alphabet", in_standard_alphabet),
    case("stray bits after the signature", lambda f: with_part(f.token(), 2, stray_bit)),
    case("a character too many", lambda f: with_part(f.token(), 2, lambda part: part + "AAA")),
    case("a space before", lambda f: " " + f.token()),
    case("a space after", lambda f: f.token() + " "),
    case("a newline after", lambda f: f.token() + "\n"),
    case("a newline within", lambda f: with_part(f.token(), 1, lambda part: part[:8] + "\n" + part[8:])),
    case("a tab within", lambda f: with_part(f.token(), 2, lambda part: part[:8] + "\t" + part[8:])),
    case("a zero byte within", lambda f: with_part(f.token(), 2, lambda part: part[:8] + "\0" + part[8:])),
    case("letters of another script", lambda f: with_part(f.token(), 0, lambda part: "\u0435" + part[1:])),
    case("two tokens", lambda f: f"{f.token()},{f.token()}"),
    case("longer than 7 KB", lambda f: f.with_claims(more="x" * 7168)),
    case("the payload is not JSON", _payload(b"iss=me")),
    case("the payload is a list", _payload(as_json([claims_with()]))),
    case("the payload is not UTF-8", _payload(as_json(claims_with())[:-1] + b', "x": "\xff"}')),
    case("the payload has a claim twice", _payload(as_json(claims_with())[:-1] + b', "tenant_id": "x"}')),
    case("the payload has NaN", _payload(as_json(claims_with())[:-1] + b', "x": NaN}')),
    case("the payload has half a surrogate pair", _payload(as_json(claims_with())[:-1] + rb', "x": "\ud800"}')),
]

SIGNATURES = [
    case("DER instead of r and s", lambda f: f.token(sign=f.der_signature)),
    case("another key's signature", lambda f: f.token(sign=f.raw(f.other_ec))),
    case("a signature of something else", lambda f: f.token(sign=lambda d: f.es256(d + b"."))),
    case("r and s are zero", lambda f: f.token(sign=lambda _: bytes(64))),
    case("a byte short", lambda f: f.token(sign=lambda d: f.es256(d)[:-1])),
    case("a byte long", lambda f: f.token(sign=lambda d: f.es256(d) + b"\0")),
    case("SHA-384 under ES256", lambda f: f.token(sign=f.raw(f.ec, hashes.SHA384()))),
    case("a weak RSA key", lambda f: f.signed_by("RS256", "weak-rsa", f.weak_rs256)),
    case("P-384 under ES256", lambda f: f.signed_by("ES256", "p384", f.raw(f.p384))),
    case("secp256k1 under ES256", lambda f: f.signed_by("ES256", "k1", f.raw(f.k1))),
    case("Ed448 under EdDSA", lambda f: f.signed_by("EdDSA", "ed448", f.ed448.sign)),
    case("an Ed25519 signature of zeros", lambda f: f.signed_by("EdDSA", "ed", lambda _: bytes(64))),
    case("a key for encryption", _key("for-encryption")),
    case("a key that may not verify", _key("for-signing-only")),
    case("a key for nothing", _key("for-nothing")),
    case("a key whose operations are text", _key("operations-are-text")),
    case("a key of another algorithm", _key("for-es384")),
    case("a key that names another curve", _key("named-p384")),
    case("a key without y", _key("without-y")),
    case("a key that is not on its curve", _key("not-on-the-curve")),
    case("a key whose x is a number", _key("x-is-a-number")),
    case("an unknown key", _key("nobody")),
    case("another issuer's key", lambda f: f.signed_by("ES256", "other", f.raw(f.other_ec))),
    case("an issuer with another's key", lambda f: f.with_claims(iss=OTHER_ISSUER)),
    case("an unknown issuer", lambda f: f.with_claims(iss="https://stranger.example")),
    case("an issuer with a slash more", lambda f: f.with_claims(iss=ISSUER + "/")),
    case("no issuer", lambda f: f.with_claims("iss")),
    *each("issuer is", [None, 7, [ISSUER]], lambda f, iss: f.with_claims(iss=iss)),
]


def _claims(name: str, *without: str, **claims: Any) -> Any:
    return case(name, lambda forge: forge.with_claims(*without, **claims))


def _raw_claim(name: str, claim: str, text: str) -> Any:
    """A claim whose text Python's own writer would not write."""

    def make(forge: Forge) -> str:
        rest = as_json(claims_with(claim))
        return compact(
            as_json({"alg": "ES256", "kid": "ec"}), rest[:-1] + f', "{claim}": {text}}}'.encode(), forge.es256
        )

    return case(name, make)


_NOT_TENANTS = [
    "acme",
    "",
    None,
    7,
    ["01HF0000000000000000000000"],
    "01HF000000000000000000000u",
    "81HF0000000000000000000000",
    "01HF0000000000000000000000\n",
]
_NOT_AUDIENCES = [["llm-config"], ["llm-config", "x"], "llm", None, "LLM-CONFIG", True]
_NOT_ROLES = ["operator", None, {"operator": True}, [7], [["operator"]], [None]]
WRONG_CLAIMS = [
    _claims("no expiry", "exp"),
    _claims("expired for longer than the leeway", exp=NOW - 61),
    _claims("expired by just the leeway", exp=NOW - 60),
    *each("expiry is", [None, True, str(NOW + 60), [NOW + 60], {}], lambda f, exp: f.with_claims(exp=exp)),
    _raw_claim("expiry has a huge exponent", "exp", "1e400"),
    _raw_claim("expiry has a huger exponent", "exp", "1e999999999"),
    _raw_claim("expiry is beyond the year 9999", "exp", "253402300800"),
    _claims("valid only later", nbf=NOW + 61),
    _claims("issued later", iat=NOW + 61),
    _raw_claim("valid only after a huge exponent", "nbf", "1e400"),
    *each("nbf is", [False, "0", [0]], lambda f, nbf: f.with_claims(nbf=nbf)),
    *each("iat is", [True, "0", {}], lambda f, iat: f.with_claims(iat=iat)),
    _claims("no audience", "aud"),
    *each("audience is", _NOT_AUDIENCES, lambda f, aud: f.with_claims(aud=aud)),
    _claims("no tenant", "tenant_id"),
    *each("tenant is", _NOT_TENANTS, lambda f, tenant: f.with_claims(tenant_id=tenant)),
    _claims("no subject", "sub"),
    *each("subject is", ["", 7, None, ["user"]], lambda f, sub: f.with_claims(sub=sub)),
    _claims("subject is too long", sub="x" * 256),
    _claims("subject has a character that PostgreSQL keeps in no text", sub="user:a\0b"),
    *each("roles are", _NOT_ROLES, lambda f, roles: f.with_claims(roles=roles)),
]
FORMAL = [*ALGORITHMS, *HEADERS, *FORMS, *SIGNATURES]
