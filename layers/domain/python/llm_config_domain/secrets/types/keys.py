"""What all private keys have in common: one PEM block, not locked, and strong enough."""

from llm_config_domain.errors import Violation
from llm_config_domain.secrets.types import pem
from llm_config_domain.secrets.types.reading import KeyFacts, Material, Part, Reading

MIN_RSA_BITS = 2048
"""NIST SP 800-57 part 1 table 2: 112 bits of strength, the least that is allowed today."""


def one_private_key(place: str, text: str, *certificates: Part) -> Reading:
    """What is left to read of the one private key in `text` and of the certificates that go with it, or what is wrong."""
    found = pem.private_keys(text)
    if len(found) != 1:
        return Reading((Violation(place, "pem", "this is one private key as PEM (-----BEGIN ... PRIVATE KEY-----)"),))
    return Reading(material=Material(Part(place, found[0].text), certificates))


def check_strength(key: KeyFacts, place: str) -> list[Violation]:
    if key.algorithm == "rsa" and key.bits < MIN_RSA_BITS:
        return [Violation(place, "weak", f"an RSA key has at least {MIN_RSA_BITS} bits")]
    return []
