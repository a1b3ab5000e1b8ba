"""ports/key_inspector.py, promise by promise."""

import base64
import hashlib
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from llm_config_domain.secrets.types.reading import Facts, Material, Part
from tests.support.families import HomeUnderTest
from tests.support.key_texts import certificate, key, locked_openssh, pem


def inspected(home: HomeUnderTest, private_key: str | None = None, *certificates: str) -> Facts:
    held = Part("/private_key", private_key) if private_key is not None else None
    placed = tuple(Part(f"/chain/{index}", text) for index, text in enumerate(certificates))
    found: Facts = home.provide("key_inspector").inspect(Material(held, placed))
    assert "canary" not in repr(found)
    return found


@pytest.mark.parametrize("openssh", [False, True], ids=["PKCS 8", "OpenSSH"])
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("rsa-1024", ("rsa", 1024, None, {"kty", "n", "e"})),
        ("rsa-2048", ("rsa", 2048, None, {"kty", "n", "e"})),
        ("P-256", ("ecdsa", 256, "P-256", {"kty", "crv", "x", "y"})),
        ("P-384", ("ecdsa", 384, "P-384", {"kty", "crv", "x", "y"})),
        ("P-521", ("ecdsa", 521, "P-521", {"kty", "crv", "x", "y"})),
        ("ed25519", ("ed25519", 256, "Ed25519", {"kty", "crv", "x"})),
    ],
)
def test_what_everybody_may_know_of_a_key_is_told(
    home: HomeUnderTest, kind: str, told: tuple[str, int, str | None, set[str]], openssh: bool
) -> None:
    made = key(kind)
    facts = inspected(home, pem(made, openssh=openssh)).held
    assert (facts.algorithm, facts.bits, facts.curve, set(facts.public_jwk)) == told
    assert facts.public_key == made.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    spki = made.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert facts.fingerprint == hashlib.sha256(spki).hexdigest()


def test_a_jwk_is_as_long_as_its_curve(home: HomeUnderTest) -> None:
    jwk = inspected(home, pem(key("P-521"))).held.public_jwk
    assert [len(base64.urlsafe_b64decode(jwk[name] + "==")) for name in ("x", "y")] == [66, 66]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n", id="no base64"),
        pytest.param(
            "-----BEGIN OPENSSH PRIVATE KEY-----\nY2FuYXJ5\n-----END OPENSSH PRIVATE KEY-----\n", id="OpenSSH"
        ),
        pytest.param("ed448", id="another curve of Edwards"),
        pytest.param("K-256", id="a curve of another standard"),
    ],
)
def test_what_is_no_key_that_can_be_used_is_a_violation_at_its_place(home: HomeUnderTest, text: str) -> None:
    found = inspected(home, pem(key(text)) if text in ("ed448", "K-256") else text)
    assert [(broken.path, broken.rule) for broken in found.violations] == [("/private_key", "private_key")]
    assert found.key is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda: pem(key("ed25519"), passphrase=b"canary"), id="PKCS 8"),
        pytest.param(lambda: locked_openssh(rounds=2**32 - 1), id="OpenSSH, of four billion rounds"),
    ],
)
def test_a_locked_key_is_refused_and_no_passphrase_is_tried(home: HomeUnderTest, text: Callable[[], str]) -> None:
    found = inspected(home, text())
    assert [broken.path for broken in found.violations] == ["/private_key"]


def test_a_key_whose_halves_do_not_fit_is_refused(home: HomeUnderTest) -> None:
    made = key("P-256")
    der = base64.b64decode("".join(pem(made).splitlines()[1:-1]))
    other = key("P-256", 1).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    mixed = der[: -len(other)] + other
    text = f"-----BEGIN PRIVATE KEY-----\n{base64.encodebytes(mixed).decode()}-----END PRIVATE KEY-----\n"
    assert [broken.path for broken in inspected(home, text).violations] == ["/private_key"]


def test_certificates_are_told_in_the_order_they_came(home: HomeUnderTest) -> None:
    own, authority = key("ed25519"), key("P-256")
    facts = inspected(
        home, pem(own), certificate(own, issuer=authority), certificate(authority, days=9, authority=True)
    )
    first, last = facts.certificates
    assert (first.not_before, first.not_after) == ("2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z")
    assert (first.serial_number, len(first.fingerprint)) == ("1234", 64)
    assert first.key_fingerprint == facts.held.fingerprint != last.key_fingerprint
    assert (first.issued_by_next, last.issued_by_next) == (True, None)
    assert last.not_after == "2026-01-10T00:00:00.000Z"


def test_a_certificate_that_the_next_one_did_not_sign_is_told(home: HomeUnderTest) -> None:
    own, authority, stranger = key("ed25519"), key("P-256"), key("P-256", 1)
    chain = (certificate(own, issuer=authority), certificate(stranger, authority=True))
    assert [one.issued_by_next for one in inspected(home, None, *chain).certificates] == [False, None]


def test_what_is_no_certificate_is_a_violation_at_its_place(home: HomeUnderTest) -> None:
    wrong = "-----BEGIN CERTIFICATE-----\nY2FuYXJ5\n-----END CERTIFICATE-----\n"
    found = inspected(home, None, certificate(key("ed25519")), wrong)
    assert [(broken.path, broken.rule) for broken in found.violations] == [("/chain/1", "certificate")]


def test_nothing_to_read_is_nothing_to_tell(home: HomeUnderTest) -> None:
    assert inspected(home) == Facts()
