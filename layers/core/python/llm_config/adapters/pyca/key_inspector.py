"""The key inspector: `cryptography` reads, and what is public is told."""

import base64
import hashlib
from collections.abc import Sequence
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from llm_config.adapters.pyca.private_keys import PrivateKey, check_pair, read_private_key
from llm_config_domain import times
from llm_config_domain.errors import Violation
from llm_config_domain.secrets.types.reading import CertificateFacts, Facts, KeyFacts, Material, Part

CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey


class PycaKeyInspector:
    """See `ports.key_inspector`."""

    def inspect(self, material: Material) -> Facts:
        found: list[Violation] = []
        key = _key(material.private_key, found) if material.private_key else None
        certificates = [_certificate(part, found) for part in material.certificates]
        read = [certificate for certificate in certificates if certificate is not None]
        if found:
            return Facts(violations=tuple(found))
        return Facts(_key_facts(key.public_key()) if key else None, _certificate_facts(read))


def _key(part: Part, found: list[Violation]) -> PrivateKey | None:
    try:
        key = read_private_key(part.text)
        check_pair(key)
    except (ValueError, TypeError, UnsupportedAlgorithm, InvalidSignature, ArithmeticError):
        message = "this is no private key that can be used: RSA, ECDSA (P-256, P-384, P-521) or Ed25519, no passphrase"
        found.append(Violation(part.place, "private_key", message))
        return None
    return key


def _certificate(part: Part, found: list[Violation]) -> x509.Certificate | None:
    """What of it is asked for later is asked for here: the library reads late."""
    try:
        certificate = x509.load_pem_x509_certificate(part.text.encode())
        _spki(certificate)
        times.rfc3339(certificate.not_valid_before_utc), times.rfc3339(certificate.not_valid_after_utc)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        found.append(Violation(part.place, "certificate", "this is no X.509 certificate that can be read"))
        return None
    return certificate


def _certificate_facts(chain: Sequence[x509.Certificate]) -> tuple[CertificateFacts, ...]:
    links: list[bool | None] = [_signed_by(one, other) for one, other in pairwise(chain)]
    return tuple(
        CertificateFacts(
            not_before=times.rfc3339(one.not_valid_before_utc),
            not_after=times.rfc3339(one.not_valid_after_utc),
            serial_number=f"{one.serial_number:x}",
            fingerprint=hashlib.sha256(one.public_bytes(Encoding.DER)).hexdigest(),
            key_fingerprint=hashlib.sha256(_spki(one)).hexdigest(),
            issued_by_next=link,
        )
        for one, link in zip(chain, [*links, None][: len(chain)], strict=True)
    )


def _signed_by(one: x509.Certificate, other: x509.Certificate) -> bool:
    try:
        one.verify_directly_issued_by(other)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _spki(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _key_facts(key: PublicKey) -> KeyFacts:
    spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    line = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    algorithm, bits, jwk = _described(key)
    return KeyFacts(algorithm, bits, jwk.get("crv"), line, jwk, hashlib.sha256(spki).hexdigest())


def _described(key: PublicKey) -> tuple[str, int, dict[str, str]]:
    """(algorithm, bits, JWK: RFC 7518 section 6, RFC 8037 section 2)"""
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return "rsa", key.key_size, {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
    if isinstance(key, ec.EllipticCurvePublicKey):
        point, size = key.public_numbers(), (key.key_size + 7) // 8
        jwk = {"kty": "EC", "crv": CURVES[key.curve.name], "x": _number(point.x, size), "y": _number(point.y, size)}
        return "ecdsa", key.key_size, jwk
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return "ed25519", 256, {"kty": "OKP", "crv": "Ed25519", "x": _base64url(raw)}


def _number(number: int, size: int | None = None) -> str:
    return _base64url(number.to_bytes(size or (number.bit_length() + 7) // 8))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
