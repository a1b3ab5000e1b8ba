"""How hard a secret is to guess, in bits."""

from collections.abc import Mapping
from types import MappingProxyType

from llm_config_domain.errors import ValueRefused, Violation

MIN_BITS = 128
"""Of what is random text: passwords, tokens, shared secrets."""
KEY_BITS: Mapping[str, int] = MappingProxyType(
    {"ed25519": 128, "P-256": 128, "P-384": 192, "P-521": 256, "rsa-2048": 112, "rsa-3072": 128, "rsa-4096": 152}
)
"""NIST SP 800-57 part 1 table 2, FIPS 140-2 implementation guidance 7.5; of Ed25519 RFC 8032 section 8.5 (about 128)."""


def refused(member: str, rule: str, message: str) -> ValueRefused:
    return ValueRefused("no secret is made so", violations=[Violation(f"/{member}", rule, message)])


def check_key(algorithm: str) -> None:
    """Raises ValueRefused for an algorithm that is none of `KEY_BITS`."""
    if algorithm not in KEY_BITS:
        raise refused("algorithm", "enum", f"this is one of {', '.join(KEY_BITS)}")
