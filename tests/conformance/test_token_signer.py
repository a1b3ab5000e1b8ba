"""ports/token_signer.py, promise by promise."""

import pytest

from llm_config.runtime.tokens import check_signature, read_form, verified_claims
from llm_config_domain.errors import Unauthenticated
from tests.support.families import HomeUnderTest

CLAIMS = {"sub": "service:export", "roles": ["viewer"], "exp": 1_800_000_000, "note": "ünïcode"}


def test_what_is_signed_is_believed_under_a_key_that_issuer_keys_finds(home: HomeUnderTest) -> None:
    token = home.provide("token_signer").sign(CLAIMS)
    claims = verified_claims(token, home.provide("issuer_keys"))
    assert {name: claims[name] for name in CLAIMS} == CLAIMS
    assert set(claims) == {*CLAIMS, "iss"}


def test_it_is_es256_under_the_only_key_of_its_issuer(home: HomeUnderTest) -> None:
    token = home.provide("token_signer").sign(CLAIMS)
    header, _ = read_form(token)
    claims = verified_claims(token, home.provide("issuer_keys"))
    published = home.provide("issuer_keys").find(claims["iss"], None)
    assert header["alg"] == "ES256"
    assert header["kid"] == published["kid"]
    assert "d" not in published


def test_a_changed_token_is_not_believed(home: HomeUnderTest) -> None:
    token, other = (home.provide("token_signer").sign({**CLAIMS, "sub": sub}) for sub in ("service:a", "service:b"))
    header, _ = read_form(token)
    issuer = verified_claims(token, home.provide("issuer_keys"))["iss"]
    key = home.provide("issuer_keys").find(issuer, header["kid"])
    swapped = ".".join([*token.split(".")[:2], other.split(".")[2]])
    check_signature(token, header, key)
    with pytest.raises(Unauthenticated):
        check_signature(swapped, header, key)


def test_a_hundred_signatures_are_all_good(home: HomeUnderTest) -> None:
    """Every some hundredth has a number that begins with a zero byte, which its form must keep."""
    for number in range(100):
        verified_claims(home.provide("token_signer").sign({"n": number}), home.provide("issuer_keys"))


def test_two_and_a_half_kilobytes_of_claims_can_be_signed(home: HomeUnderTest) -> None:
    token = home.provide("token_signer").sign({"namespaces": ["x" * 2400]})
    assert len(token.rpartition(".")[0]) <= 4096
    assert verified_claims(token, home.provide("issuer_keys"))["namespaces"] == ["x" * 2400]
