"""Types whose values hold keys: what is judged once somebody has read them."""

import base64
import hashlib
from dataclasses import replace
from typing import Any

import pytest

from llm_config_domain.errors import Broken, ValueRefused, Violation
from llm_config_domain.json_text import Json
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.types import pem
from llm_config_domain.secrets.types.forms import accepted
from llm_config_domain.secrets.types.jwt_signing_keys import thumbprint
from llm_config_domain.secrets.types.reading import CertificateFacts, Facts, KeyFacts, Known, Material

NOW = "2026-01-02T03:04:05.000Z"


def block(label: str, content: str = "canary") -> str:
    return f"-----BEGIN {label}-----\n{content}\n-----END {label}-----\n"


KEY, OWN, NEXT = block("PRIVATE KEY"), block("CERTIFICATE", "own"), block("CERTIFICATE", "next")
BLOB = base64.b64encode(b"public").decode()
ED25519 = KeyFacts(
    "ed25519", 256, "Ed25519", f"ssh-ed25519 {BLOB}", {"kty": "OKP", "crv": "Ed25519", "x": "eA"}, "f" * 64
)
RSA = KeyFacts("rsa", 2048, None, f"ssh-rsa {BLOB}", {"kty": "RSA", "n": "bg", "e": "AQAB"}, "a" * 64)
P256 = replace(ED25519, algorithm="ecdsa", curve="P-256")
CERTIFIED = CertificateFacts("2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z", "1a", "c" * 64, "f" * 64, None)


class Reader:
    """An inspector that found what it was told to find."""

    def __init__(self, key: KeyFacts | None = None, *certificates: CertificateFacts, **more: Any) -> None:
        self.facts = Facts(key, certificates, **more)
        self.asked: list[Material] = []

    def inspect(self, material: Material) -> Facts:
        self.asked.append(material)
        return self.facts


def known(kind: str, value: Json, reader: Reader) -> Known:
    return accepted(SecretType(kind), value, NOW, reader.inspect)


def broken(kind: str, value: Json, reader: Reader) -> list[tuple[str, str]]:
    with pytest.raises(ValueRefused) as refused:
        known(kind, value, reader)
    assert "canary" not in repr(refused.value.violations)
    return [(violation.path, violation.rule) for violation in refused.value.violations]


@pytest.mark.parametrize(
    ("value", "place"), [(KEY, ""), ({"private_key": KEY, "comment": "c"}, "/private_key")], ids=["text", "object"]
)
def test_the_public_key_follows_from_an_ssh_key(value: Json, place: str) -> None:
    reader = Reader(ED25519)
    digest = base64.b64encode(hashlib.sha256(b"public").digest()).decode().rstrip("=")
    told = {"algorithm": "ed25519", "bits": 256, "public_key": ED25519.public_key, "fingerprint": f"SHA256:{digest}"}
    assert known("ssh_key", value, reader) == Known(computed=told)
    [asked] = reader.asked
    assert asked.private_key and (asked.private_key.place, asked.private_key.text) == (place, KEY)
    assert "canary" not in repr(asked)


def test_the_public_key_that_is_sent_along_is_the_keys_own_whatever_its_comment() -> None:
    value = {"private_key": KEY, "public_key": f"{ED25519.public_key} canary@host"}
    assert known("ssh_key", value, Reader(ED25519)).violations == ()
    assert broken("ssh_key", value | {"public_key": "ssh-ed25519 AAAA"}, Reader(ED25519)) == [("/public_key", "key")]


@pytest.mark.parametrize("kind", ["ssh_key", "jwt_signing_key"])
def test_a_weak_key_is_refused(kind: str) -> None:
    weak = Reader(replace(RSA, bits=2047))
    assert broken(kind, KEY, weak) == [("", "weak")]
    assert broken(kind, {"private_key": KEY}, weak) == [("/private_key", "weak")]
    assert known(kind, KEY, Reader(RSA)).violations == ()


def test_what_cannot_be_read_is_told_by_its_place() -> None:
    unreadable = Reader(violations=(Violation("/private_key", "private_key", "no"),))
    assert broken("ssh_key", {"private_key": KEY}, unreadable) == [("/private_key", "private_key")]


def test_a_key_that_nobody_read_is_not_judged() -> None:
    with pytest.raises(Broken):
        known("ssh_key", KEY, Reader())


@pytest.mark.parametrize("text", [KEY + KEY, KEY + "x" * pem.MAX_PEM, OWN], ids=["two", "too long", "no key"])
def test_there_is_one_private_key_in_a_text(text: str) -> None:
    assert broken("ssh_key", text, Reader()) == [("", "pem")]


@pytest.mark.parametrize(
    ("facts", "told", "algorithm"),
    [
        (RSA, {}, "RS256"),
        (RSA, {"algorithm": "PS512"}, "PS512"),
        (P256, {}, "ES256"),
        (ED25519, {}, "EdDSA"),
        (ED25519, {"algorithm": "EdDSA"}, "EdDSA"),
    ],
)
def test_a_signing_key_has_a_public_half_that_others_check_with(facts: KeyFacts, told: Any, algorithm: str) -> None:
    computed = known("jwt_signing_key", {"private_key": KEY, **told}, Reader(facts)).computed
    kid = thumbprint(facts.public_jwk)
    jwk = {**facts.public_jwk, "use": "sig", "alg": algorithm, "kid": kid}
    assert computed == {"algorithm": algorithm, "kid": kid, "public_jwk": jwk}


def test_a_signing_key_keeps_the_name_it_has() -> None:
    computed = known("jwt_signing_key", {"private_key": KEY, "kid": "2026"}, Reader(RSA)).computed
    assert (computed["kid"], computed["public_jwk"]["kid"]) == ("2026", "2026")


def test_the_thumbprint_is_that_of_rfc_7638_section_3_1() -> None:
    modulus = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj"
        "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ"
        "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK"
        "nqDKgw"
    )
    jwk = {"kty": "RSA", "n": modulus, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"}
    assert thumbprint(jwk) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


@pytest.mark.parametrize(
    ("facts", "algorithm"), [(P256, "RS256"), (RSA, "HS256"), (RSA, "ES256"), (replace(P256, curve="K"), "ES256")]
)
def test_an_algorithm_that_the_key_is_not_for_is_refused(facts: KeyFacts, algorithm: str) -> None:
    value = {"private_key": KEY, "algorithm": algorithm}
    assert broken("jwt_signing_key", value, Reader(facts)) == [("/private_key", "algorithm")]


def test_a_key_of_no_algorithm_is_refused() -> None:
    assert broken("jwt_signing_key", KEY, Reader(replace(P256, curve="K"))) == [("", "algorithm")]


@pytest.mark.parametrize(
    ("value", "places"),
    [
        (OWN + NEXT + KEY, ["", "", ""]),
        ({"certificate": OWN, "private_key": KEY, "chain": NEXT}, ["/private_key", "/certificate", "/chain"]),
        ({"certificate": OWN, "private_key": KEY, "chain": [NEXT]}, ["/private_key", "/certificate", "/chain/0"]),
        ({"certificate": OWN + NEXT, "private_key": KEY}, ["/private_key", "/certificate", "/certificate"]),
    ],
    ids=["one text", "a chain", "a chain in a list", "a chain behind the certificate"],
)
def test_a_certificate_ends_when_it_says_so(value: Json, places: list[str]) -> None:
    reader = Reader(ED25519, replace(CERTIFIED, issued_by_next=True), replace(CERTIFIED, key_fingerprint="other"))
    found = known("certificate", value, reader)
    assert found.ends_at == CERTIFIED.not_after
    assert found.computed == {
        "not_before": CERTIFIED.not_before,
        "not_after": CERTIFIED.not_after,
        "serial_number": "1a",
        "fingerprint_sha256": "c" * 64,
    }
    [asked] = reader.asked
    assert asked.private_key is not None
    assert [asked.private_key.place, *(part.place for part in asked.certificates)] == places
    assert [part.text for part in asked.certificates] == [OWN, NEXT]


def test_an_authoritys_certificate_comes_without_a_key() -> None:
    reader = Reader(None, CERTIFIED)
    assert known("certificate", OWN, reader).ends_at == CERTIFIED.not_after
    assert reader.asked[0].private_key is None


PAIR = {"certificate": OWN, "private_key": KEY}


@pytest.mark.parametrize(
    ("reader", "rules"),
    [
        pytest.param(Reader(ED25519, replace(CERTIFIED, not_after=NOW)), ["expired"], id="expired this moment"),
        pytest.param(Reader(RSA, CERTIFIED), ["key"], id="another's key"),
        pytest.param(Reader(replace(RSA, bits=1024), CERTIFIED), ["weak", "key"], id="a weak key"),
        pytest.param(Reader(ED25519, replace(CERTIFIED, issued_by_next=False)), ["chain"], id="a chain that breaks"),
    ],
)
def test_a_certificate_that_nobody_would_accept_is_refused(reader: Reader, rules: list[str]) -> None:
    assert [rule for _, rule in broken("certificate", PAIR, reader)] == rules
    assert {place for place, _ in broken("certificate", OWN + KEY, reader)} == {""}


@pytest.mark.parametrize(
    ("value", "place"),
    [
        pytest.param({**PAIR, "chain": "canary"}, "/chain", id="a chain that is none"),
        pytest.param({**PAIR, "chain": [NEXT, "canary"]}, "/chain/1", id="a part of one that is none"),
        pytest.param({**PAIR, "chain": NEXT * 10}, "/certificate", id="a chain of eleven"),
        pytest.param({**PAIR, "private_key": OWN}, "/private_key", id="a key that is none"),
        pytest.param(OWN * 11, "", id="eleven in a text"),
        pytest.param(OWN + KEY + KEY, "", id="two keys in a text"),
    ],
)
def test_a_certificate_is_pem(value: Json, place: str) -> None:
    assert broken("certificate", value, Reader()) == [(place, "pem")]
