"""`certificate`: a certificate, its private key and the chain up to its authority, as PEM."""

from llm_config_domain.errors import Violation
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.types import pem
from llm_config_domain.secrets.types.keys import check_strength, one_private_key
from llm_config_domain.secrets.types.members import Members, text, text_or_texts
from llm_config_domain.secrets.types.reading import CertificateFacts, Facts, Form, Known, Material, Part, Reading

MAX_CERTIFICATES = 10
MEMBERS = Members(
    {"certificate": text, "private_key": text, "chain": text_or_texts}, frozenset({"certificate", "private_key"})
)


def _read(value: Json, at: str) -> Reading:
    if isinstance(value, str):
        return _read_bundle(value)
    violations = MEMBERS.violations(value)
    if violations:
        return Reading(violations)
    own = pem.certificates(value["certificate"])
    found = [Part("/certificate", block.text) for block in own]
    listed = value.get("chain", [])
    for place, one in [("/chain", listed)] if isinstance(listed, str) else _placed(listed):
        chained = pem.certificates(one)
        if not chained:
            return Reading((Violation(place, "pem", "this is one or more certificates as PEM"),))
        found += [Part(place, block.text) for block in chained]
    if not own or len(found) > MAX_CERTIFICATES:
        return Reading((Violation("/certificate", "pem", _SHAPE),))
    return one_private_key("/private_key", value["private_key"], *found)


_SHAPE = f"this is a certificate as PEM, with at most {MAX_CERTIFICATES - 1} more in its chain"


def _placed(listed: list[str]) -> list[tuple[str, str]]:
    return [(f"/chain/{index}", one) for index, one in enumerate(listed)]


def _read_bundle(text: str) -> Reading:
    """One text with all the blocks, as servers read it; an authority's own certificate comes without a key."""
    found = tuple(Part("", block.text) for block in pem.certificates(text))
    if not 1 <= len(found) <= MAX_CERTIFICATES:
        return Reading((Violation("", "pem", _SHAPE),))
    if not pem.private_keys(text):
        return Reading(material=Material(None, found))
    return one_private_key("", text, *found)


def _judge(value: Json, reading: Reading, facts: Facts, at: str) -> Known:
    own, place = facts.certificates[0], "" if isinstance(value, str) else "/certificate"
    found: list[Violation] = []
    if own.not_after <= at:
        found.append(Violation(place, "expired", "this certificate has expired: send one that is valid"))
    if facts.key is not None:
        found += check_strength(facts.key, "" if isinstance(value, str) else "/private_key")
        if facts.key.fingerprint != own.key_fingerprint:
            found.append(Violation(place, "key", "the private key is not the one of this certificate"))
    if not _linked(facts.certificates):
        found.append(Violation(place, "chain", "each certificate must be signed by the one after it"))
    return Known(tuple(found), _computed(own), own.not_after)


def _linked(certificates: tuple[CertificateFacts, ...]) -> bool:
    return all(certificate.issued_by_next is not False for certificate in certificates)


def _computed(own: CertificateFacts) -> dict[str, str]:
    return {
        "not_before": own.not_before,
        "not_after": own.not_after,
        "serial_number": own.serial_number,
        "fingerprint_sha256": own.fingerprint,
    }


CERTIFICATE = Form(_read, _judge)
