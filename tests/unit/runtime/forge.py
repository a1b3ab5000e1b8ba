"""Tokens made by hand, part by part: valid ones, and every way to be wrong that we know of."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from llm_config_domain.key_sets import choose_key

ISSUER, OTHER_ISSUER = "https://issuer.example", "https://other-issuer.example"
NOW = 1_700_000_000
CANARY = "canary-in-the-token"
TENANT = "01HF0000000000000000000000"
Sign = Callable[[bytes], bytes]


class PublishedKeys:
    """Implements `issuer_keys` over key sets that lie in memory."""

    def __init__(self, sets: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self._sets = sets

    def find(self, issuer: str, kid: str | None) -> Mapping[str, Any] | None:
        return choose_key(self._sets.get(issuer, ()), kid)


class Forge:
    """The private keys of an issuer, and of those who would like to be it."""

    def __init__(self) -> None:
        self.ec, self.other_ec = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        self.p384, self.k1 = ec.generate_private_key(ec.SECP384R1()), ec.generate_private_key(ec.SECP256K1())
        self.rsa, self.weak_rsa = rsa.generate_private_key(65537, 2048), rsa.generate_private_key(65537, 1024)
        self.ed, self.ed448 = ed25519.Ed25519PrivateKey.generate(), ed448.Ed448PrivateKey.generate()
        self.public: dict[str, dict[str, Any]] = {
            "ec": ECAlgorithm.to_jwk(self.ec.public_key(), as_dict=True),
            "rsa": RSAAlgorithm.to_jwk(self.rsa.public_key(), as_dict=True),
            "ed": OKPAlgorithm.to_jwk(self.ed.public_key(), as_dict=True),
            "p384": ECAlgorithm.to_jwk(self.p384.public_key(), as_dict=True),
            "k1": ECAlgorithm.to_jwk(self.k1.public_key(), as_dict=True),
            "weak-rsa": RSAAlgorithm.to_jwk(self.weak_rsa.public_key(), as_dict=True),
            "ed448": OKPAlgorithm.to_jwk(self.ed448.public_key(), as_dict=True),
        }
        self.public |= self._spoilt(self.public["ec"])
        other = ECAlgorithm.to_jwk(self.other_ec.public_key(), as_dict=True)
        self.keys = PublishedKeys(
            {
                ISSUER: [{**key, "kid": kid} for kid, key in self.public.items()],
                OTHER_ISSUER: [{**other, "kid": "other"}],
            }
        )

    @staticmethod
    def _spoilt(key: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The issuer's EC key, published for something else than to verify ES256, or not whole."""
        return {
            "for-encryption": {**key, "use": "enc"},
            "for-signing-only": {**key, "key_ops": ["sign"]},
            "for-nothing": {**key, "key_ops": []},
            "operations-are-text": {**key, "key_ops": "verify"},
            "for-es384": {**key, "alg": "ES384"},
            "named-p384": {**key, "crv": "P-384"},
            "without-y": {name: value for name, value in key.items() if name != "y"},
            "not-on-the-curve": {**key, "y": key["x"]},
            "x-is-a-number": {**key, "x": 7},
            "symmetric": {"kty": "oct", "k": "c2VjcmV0"},
        }

    def es256(self, data: bytes) -> bytes:
        return self.raw(self.ec)(data)

    def raw(self, key: ec.EllipticCurvePrivateKey, digest: hashes.HashAlgorithm | None = None) -> Sign:
        """r and s side by side (RFC 7518 section 3.4)."""
        return lambda data: _side_by_side(key, data, digest or hashes.SHA256())

    def rs256(self, data: bytes) -> bytes:
        return self.rsa.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def weak_rs256(self, data: bytes) -> bytes:
        return self.weak_rsa.sign(data, padding.PKCS1v15(), hashes.SHA256())

    def hs256(self, key: bytes) -> Sign:
        return lambda data: hmac.new(key, data, hashlib.sha256).digest()

    def pem(self, kind: str) -> bytes:
        public = self.rsa.public_key() if kind == "rsa" else self.ec.public_key()
        return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def der_signature(self, data: bytes) -> bytes:
        return self.ec.sign(data, ec.ECDSA(hashes.SHA256()))

    def token(self, *, header: Any = None, claims: Any = None, sign: Sign | None = None) -> str:
        """A valid ES256 token, but for what is given."""
        told = {"alg": "ES256", "kid": "ec", "typ": CANARY} if header is None else header
        return compact(as_json(told), as_json(claims_with() if claims is None else claims), sign or self.es256)

    def with_header(self, **members: Any) -> str:
        return self.token(header={"alg": "ES256", "kid": "ec", "typ": CANARY, **members})

    def with_claims(self, *without: str, **claims: Any) -> str:
        return self.token(claims=claims_with(*without, **claims))

    def signed_by(self, algorithm: str, kid: str, sign: Sign) -> str:
        return self.token(header={"alg": algorithm, "kid": kid, "typ": CANARY}, sign=sign)


def claims_with(*without: str, **more: Any) -> dict[str, Any]:
    """Good claims at the moment NOW, without some and with others."""
    good = {
        "iss": ISSUER,
        "sub": f"user:{CANARY}",
        "aud": "llm-config",
        "tenant_id": TENANT,
        "roles": ["operator"],
        "iat": NOW,
        "exp": NOW + 3600,
        "jti": CANARY,
    }
    return {name: value for name, value in {**good, **more}.items() if name not in without}


def _side_by_side(key: ec.EllipticCurvePrivateKey, data: bytes, digest: hashes.HashAlgorithm) -> bytes:
    r, s = decode_dss_signature(key.sign(data, ec.ECDSA(digest)))
    size = (key.curve.key_size + 7) // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def as_json(value: Any) -> bytes:
    """Bytes stay as they are: for what is no JSON, or JSON that no honest writer makes."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def compact(header: bytes, payload: bytes, sign: Sign) -> str:
    signing_input = f"{b64(header)}.{b64(payload)}"
    return f"{signing_input}.{b64(sign(signing_input.encode()))}"


def with_part(token: str, index: int, change: Callable[[str], str]) -> str:
    parts = token.split(".")
    parts[index] = change(parts[index])
    return ".".join(parts)


def flipped(token: str, index: int, at: int) -> str:
    def flip(part: str) -> str:
        raw = bytearray(unb64(part))
        raw[at] ^= 1
        return b64(bytes(raw))

    return with_part(token, index, flip)


def stray_bit(part: str) -> str:
    """The same bytes in other text: a bit is set where base64 has none to hold."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(part) % 4, "a part of whole groups has no bit to spare"
    return part[:-1] + alphabet[alphabet.index(part[-1]) ^ 1]


def in_standard_alphabet(forge: Forge) -> str:
    """A valid token, its signature written with + and /."""
    while True:
        token = forge.token()
        if {"-", "_"} & set(token.rpartition(".")[2]):
            return with_part(token, 2, lambda part: part.replace("-", "+").replace("_", "/"))
