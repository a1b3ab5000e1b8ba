"""ports/secret_generator.py, promise by promise."""

import hashlib
import hmac
import re
from datetime import timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key
from cryptography.x509.verification import PolicyBuilder, Store

from llm_config_domain import json_text, times
from llm_config_domain.errors import ValueRefused
from llm_config_domain.secrets.entries import SecretType
from llm_config_domain.secrets.recipes.keys import CertificateRecipe, SigningKeyRecipe, SshKeyRecipe
from llm_config_domain.secrets.recipes.reading import Recipe
from llm_config_domain.secrets.recipes.strength import KEY_BITS
from llm_config_domain.secrets.recipes.texts import PasswordRecipe, TokenRecipe
from llm_config_domain.secrets.types.forms import accepted
from llm_config_domain.secrets.types.jwt_signing_keys import ALGORITHMS
from llm_config_domain.secrets.values import Plaintext
from tests.support.families import HomeUnderTest

NOW = "2026-01-02T03:04:05.000Z"
OURS = CertificateRecipe(common_name="ours", begins_at=NOW, seconds=86400, is_authority=True)


def generated(home: HomeUnderTest, recipe: Recipe, authority: Plaintext | None = None) -> Any:
    return json_text.read(plaintext(home, recipe, authority).reveal.decode())


def plaintext(home: HomeUnderTest, recipe: Recipe, authority: Plaintext | None = None) -> Plaintext:
    made: Plaintext = home.provide("secret_generator").generate(recipe, authority)
    return made


def check_type(home: HomeUnderTest, kind: str, value: Any) -> Any:
    return accepted(SecretType(kind), value, NOW, home.provide("key_inspector").inspect)


@pytest.mark.parametrize(
    ("recipe", "pattern"),
    [
        (PasswordRecipe(), r"[A-Za-z0-9]{32}"),
        (PasswordRecipe(length=200, alphabet="abc!", excluded="c"), r"[ab!]{200}"),
        (TokenRecipe(), r"[A-Za-z0-9_-]{43}"),
        (TokenRecipe(size=16, encoding="hex", prefix="sk-"), r"sk-[0-9a-f]{32}"),
    ],
)
def test_a_text_is_as_its_recipe_says_and_no_two_are_alike(home: HomeUnderTest, recipe: Recipe, pattern: str) -> None:
    made = {generated(home, recipe) for _ in range(20)}
    assert len(made) == 20
    assert all(re.fullmatch(pattern, text) for text in made)


@pytest.mark.parametrize("algorithm", KEY_BITS)
def test_an_ssh_key_is_one_and_of_its_algorithm(home: HomeUnderTest, algorithm: str) -> None:
    made = generated(home, SshKeyRecipe(algorithm=algorithm))
    assert load_ssh_private_key(made["private_key"].encode(), None)
    known = check_type(home, "ssh_key", made).computed
    words = {"rsa": f"rsa-{known['bits']}", "ecdsa": f"P-{known['bits']}", "ed25519": "ed25519"}
    assert (known["public_key"], words[known["algorithm"]]) == (made["public_key"], algorithm)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_signing_key_is_for_its_algorithm(home: HomeUnderTest, algorithm: str) -> None:
    made = generated(home, SigningKeyRecipe(algorithm=algorithm))
    assert check_type(home, "jwt_signing_key", made).computed["algorithm"] == algorithm == made["algorithm"]
    if "secret" in made:
        assert hmac.new(made["secret"].encode(), b"", hashlib.sha256).digest()
    else:
        assert load_pem_private_key(made["private_key"].encode(), None)


def test_a_certificate_signs_itself(home: HomeUnderTest) -> None:
    made = generated(home, CertificateRecipe(common_name="gateway", begins_at=NOW, seconds=3600))
    assert made["chain"] == []
    known = check_type(home, "certificate", made)
    assert (known.computed["not_before"], known.ends_at) == (NOW, "2026-01-02T04:04:05.000Z")
    found = x509.load_pem_x509_certificate(made["certificate"].encode())
    found.verify_directly_issued_by(found)


@pytest.mark.parametrize("algorithm", ["ed25519", "P-256", "rsa-2048"])
def test_a_certificate_of_an_authority_is_one_that_a_client_trusts(home: HomeUnderTest, algorithm: str) -> None:
    authority = plaintext(home, OURS)
    names = ("db.internal", "10.0.0.1")
    recipe = CertificateRecipe(
        common_name="db", begins_at=NOW, seconds=3600, names=names, algorithm="P-256" if algorithm == "ed25519" else algorithm
    )  # fmt: skip
    made = generated(home, recipe, authority)
    assert check_type(home, "certificate", made).violations == ()
    root = x509.load_pem_x509_certificate(made["chain"][0].encode())
    verifier = PolicyBuilder().store(Store([root])).time(times.parse(NOW) + timedelta(minutes=1))
    chain = verifier.build_server_verifier(x509.DNSName("db.internal")).verify(
        x509.load_pem_x509_certificate(made["certificate"].encode()), []
    )
    assert len(chain) == 2


def test_an_authority_below_another_brings_the_whole_chain(home: HomeUnderTest) -> None:
    middle = CertificateRecipe(common_name="middle", begins_at=NOW, seconds=7200, is_authority=True)
    below = plaintext(home, middle, plaintext(home, OURS))
    made = generated(home, CertificateRecipe(common_name="leaf", begins_at=NOW, seconds=60), below)
    assert len(made["chain"]) == 2
    assert check_type(home, "certificate", made).violations == ()


@pytest.mark.parametrize(
    "authority",
    [
        pytest.param(b"{", id="no JSON"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b"7", id="a number"),
        pytest.param(b"{}", id="no certificate"),
        pytest.param(b'"canary"', id="no PEM"),
        pytest.param(b'{"certificate":"canary","private_key":"canary","chain":7}', id="a chain of 7"),
        pytest.param(None, id="one that may not sign"),
        pytest.param(OURS, id="one that ends before it"),
    ],
)
def test_an_authority_that_cannot_sign_is_refused_and_not_quoted(home: HomeUnderTest, authority: Any) -> None:
    leaf = CertificateRecipe(common_name="leaf", begins_at=NOW, seconds=86401)
    given = authority if isinstance(authority, bytes) else plaintext(home, authority or leaf).reveal
    with pytest.raises(ValueRefused) as refused:
        plaintext(home, leaf, Plaintext(given))
    assert [broken.path for broken in refused.value.violations] == ["/authority"]
    assert "canary" not in repr((refused.value.detail, refused.value.violations))
