"""Keys and certificates as PEM, made for the tests that need some."""

import base64
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def key(kind: str, which: int = 0) -> Any:
    """`which` tells two keys of one kind apart."""
    match kind:
        case "ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "ed448":
            return ed448.Ed448PrivateKey.generate()
        case "P-256" | "P-384" | "P-521" | "K-256":
            curves: dict[str, Any] = {
                "P-256": ec.SECP256R1,
                "P-384": ec.SECP384R1,
                "P-521": ec.SECP521R1,
                "K-256": ec.SECP256K1,
            }
            return ec.generate_private_key(curves[kind]())
    return rsa.generate_private_key(65537, int(kind.removeprefix("rsa-")))


def pem(made: Any, *, openssh: bool = False, passphrase: bytes | None = None) -> str:
    locked = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
    form = PrivateFormat.OpenSSH if openssh else PrivateFormat.PKCS8
    text: str = made.private_bytes(Encoding.PEM, form, locked).decode()
    return text


def locked_openssh(*, rounds: int) -> str:
    """The frame of a locked key as ssh-keygen writes it (PROTOCOL.key of OpenSSH); what it locks is nothing."""

    def framed(content: bytes) -> bytes:
        return len(content).to_bytes(4) + content

    public = framed(b"ssh-ed25519") + framed(b"\x01" * 32)
    derivation = framed(framed(b"s" * 16) + rounds.to_bytes(4))
    frame = b"openssh-key-v1\0" + framed(b"aes256-ctr") + framed(b"bcrypt") + derivation
    body = base64.encodebytes(frame + (1).to_bytes(4) + framed(public) + framed(b"\0" * 64)).decode()
    return f"-----BEGIN OPENSSH PRIVATE KEY-----\n{body}-----END OPENSSH PRIVATE KEY-----\n"


def certificate(
    made: Any, *, days: int = 365, beginning: datetime = BEGINNING, issuer: Any = None, authority: bool = False
) -> str:
    """Of `made`, signed by the key `issuer` (its own when None); names are `subject <key id>`."""
    signer = issuer or made
    told = (
        x509.CertificateBuilder()
        .subject_name(_name(made))
        .issuer_name(_name(signer))
        .public_key(made.public_key())
        .serial_number(0x1234)
        .not_valid_before(beginning)
        .not_valid_after(beginning + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
    )
    hashed = None if isinstance(signer, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    return told.sign(signer, hashed).public_bytes(Encoding.PEM).decode()


def _name(made: Any) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"subject {id(made)}")])
