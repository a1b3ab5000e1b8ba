"""Certificates that sign others: a private authority is itself a secret of the type `certificate`."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from llm_config.adapters.pyca.private_keys import PrivateKey, read_private_key
from llm_config_domain import json_text, times
from llm_config_domain.errors import Malformed, ValueRefused, Violation
from llm_config_domain.secrets.recipes.keys import CertificateRecipe, is_address
from llm_config_domain.secrets.types import pem
from llm_config_domain.secrets.values import Plaintext


@dataclass(frozen=True, slots=True)
class Authority:
    """Its own certificate, those above it as PEM, and its key."""

    certificate: x509.Certificate
    chain: tuple[str, ...]
    key: PrivateKey


def read_authority(value: Plaintext) -> Authority:
    """Raises ValueRefused."""
    try:
        told = json_text.read(value.reveal.decode())
        parts = [told] if isinstance(told, str) else [told["certificate"], *_listed(told.get("chain"))]
        above = tuple(block.text for part in parts for block in pem.certificates(part))
        found = x509.load_pem_x509_certificate(above[0].encode())
        constraints = found.extensions.get_extension_for_class(x509.BasicConstraints).value
        [key] = pem.private_keys(told if isinstance(told, str) else told["private_key"])
        authority = Authority(found, above, read_private_key(key.text))
    except (
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        Malformed,
        UnsupportedAlgorithm,
        x509.ExtensionNotFound,
    ):
        raise _refused("this is no certificate that signs others, with its private key") from None
    if not constraints.ca:
        raise _refused("this certificate may not sign others")
    return authority


def _listed(chain: Any) -> list[str]:
    return [] if chain is None else [chain] if isinstance(chain, str) else chain


def issue(recipe: CertificateRecipe, key: PrivateKey, authority: Authority | None) -> dict[str, Any]:
    """`{certificate, chain}` as PEM. Raises ValueRefused for an authority that ends before the certificate."""
    ends = times.parse(recipe.ends_at).replace(microsecond=0)  # as X.509 counts
    if authority is not None and authority.certificate.not_valid_after_utc < ends:
        raise _refused("this certificate ends before the one that it shall sign: make that one shorter, or renew this")
    signed = _built(recipe, key, authority, ends).sign(
        authority.key if authority else key, _hash(authority.key if authority else key)
    )
    certificate = signed.public_bytes(Encoding.PEM).decode()
    return {"certificate": certificate, "chain": list(authority.chain) if authority else []}


def _built(
    recipe: CertificateRecipe, key: PrivateKey, authority: Authority | None, ends: datetime
) -> x509.CertificateBuilder:
    """RFC 5280 section 4.2.1, and no more than clients ask for."""
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, recipe.common_name)])
    signer = authority.key.public_key() if authority else key.public_key()
    built = (
        x509.CertificateBuilder()
        .subject_name(own)
        .issuer_name(authority.certificate.subject if authority else own)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(times.parse(recipe.begins_at))
        .not_valid_after(ends)
        .add_extension(x509.BasicConstraints(ca=recipe.is_authority, path_length=None), critical=True)
        .add_extension(_usage(recipe), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
    )
    if not recipe.is_authority:
        both = [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
        built = built.add_extension(x509.ExtendedKeyUsage(both), critical=False)
    return built.add_extension(_names(recipe), critical=False) if recipe.names else built


def _usage(recipe: CertificateRecipe) -> x509.KeyUsage:
    others = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    signs = recipe.is_authority
    return x509.KeyUsage(digital_signature=not signs, key_cert_sign=signs, crl_sign=signs, **others)


def _names(recipe: CertificateRecipe) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName(
        [x509.IPAddress(ip_address(name)) if is_address(name) else x509.DNSName(name) for name in recipe.names]
    )


def _hash(key: PrivateKey) -> hashes.SHA256 | None:
    return None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()


def _refused(message: str) -> ValueRefused:
    return ValueRefused("the authority cannot sign this", violations=[Violation("/authority", "authority", message)])
