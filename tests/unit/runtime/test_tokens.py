"""The form and the signature of a token: nothing but exactly a good one is believed."""

import json
from collections.abc import Callable

import pytest

from llm_config.runtime.tokens import MAX_TOKEN_BYTES, check_signature, read_form, verified_claims
from llm_config_domain.errors import Unauthenticated
from tests.unit.runtime.forge import (
    CANARY,
    ISSUER,
    Forge,
    PublishedKeys,
    as_json,
    b64,
    claims_with,
    stray_bit,
    with_part,
)
from tests.unit.runtime.forgeries import FORMAL, Make

WINDOW = 12


def quotes(detail: str, token: str) -> bool:
    """Does `detail` hold a piece of the token, or of what was planted in it?"""
    pieces = (token[at : at + WINDOW] for at in range(max(1, len(token) - WINDOW)))
    return CANARY in detail or any(piece in detail for piece in pieces)


@pytest.mark.parametrize("make", FORMAL)
def test_a_token_with_a_wrong_form_or_signature_is_refused_and_not_quoted(forge: Forge, make: Make) -> None:
    token = make(forge)
    with pytest.raises(Unauthenticated) as refused:
        verified_claims(token, forge.keys)
    assert not quotes(refused.value.detail, token)
    assert not quotes(str(refused.value), token)


@pytest.mark.parametrize("part", [pytest.param(n, id=f"part {n}") for n in range(3)])
def test_stray_bits_are_seen_before_any_library_reads_the_token(forge: Forge, part: int) -> None:
    tokens = (forge.with_claims(filler=filler) for filler in ("", "x", "xx"))
    token = next(token for token in tokens if len(token.split(".")[part]) % 4)
    read_form(token)
    with pytest.raises(Unauthenticated):
        read_form(with_part(token, part, stray_bit))


@pytest.mark.parametrize(
    "kid", [pytest.param(kid, id=json.dumps(kid)) for kid in (None, 7, True, ["ec"], {"kid": "ec"})]
)
def test_a_key_id_that_is_no_text_never_reaches_the_issuers_keys(forge: Forge, kid: object) -> None:
    with pytest.raises(Unauthenticated):
        read_form(forge.with_header(kid=kid))


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda f: f.token(), id="ES256"),
        pytest.param(lambda f: f.signed_by("RS256", "rsa", f.rs256), id="RS256"),
        pytest.param(lambda f: f.signed_by("EdDSA", "ed", f.ed.sign), id="EdDSA"),
    ],
)
def test_each_accepted_algorithm_gives_its_claims(forge: Forge, make: Make) -> None:
    assert verified_claims(make(forge), forge.keys) == claims_with()


@pytest.mark.parametrize(
    "published",
    [
        pytest.param({"use": "sig"}, id="for signatures"),
        pytest.param({"key_ops": ["verify"]}, id="to verify"),
        pytest.param({"alg": "ES256"}, id="for ES256"),
        pytest.param({"x5c": ["AAAA"], "x5u": "https://nobody.example"}, id="with a certificate that is not looked at"),
    ],
)
def test_a_key_published_for_this_use_is_taken(forge: Forge, published: dict[str, object]) -> None:
    keys = PublishedKeys({ISSUER: [{**forge.public["ec"], "kid": "ec", **published}]})
    assert verified_claims(forge.token(), keys) == claims_with()


def test_a_token_without_a_key_id_means_the_only_key(forge: Forge) -> None:
    keys = PublishedKeys({ISSUER: [{**forge.public["ec"], "kid": "ec"}]})
    assert verified_claims(forge.token(header={"alg": "ES256"}), keys) == claims_with()


def test_two_keys_under_one_id_are_as_good_as_none(forge: Forge) -> None:
    keys = PublishedKeys({ISSUER: [{**forge.public["ec"], "kid": "ec"}, {**forge.public["ed"], "kid": "ec"}]})
    with pytest.raises(Unauthenticated):
        verified_claims(forge.token(), keys)


def _of_length(forge: Forge, length: int) -> str:
    """A valid token of about `length` characters: base64 moves in steps of four for three."""
    size = (length - len(forge.with_claims(more=""))) * 3 // 4
    tokens = (forge.with_claims(more="x" * (size + step)) for step in range(-4, 5))
    return max((token for token in tokens if len(token) <= length), key=len)


def test_a_token_just_under_7_kb_is_taken(forge: Forge) -> None:
    token = _of_length(forge, MAX_TOKEN_BYTES)
    assert MAX_TOKEN_BYTES - 2 < len(token) <= MAX_TOKEN_BYTES
    assert verified_claims(token, forge.keys)["sub"] == claims_with()["sub"]


def test_the_signature_of_a_payload_that_is_no_claims_can_be_checked_alone(forge: Forge) -> None:
    token = forge.token(claims=b"any bytes \xff")
    header, payload = read_form(token)
    check_signature(token, header, forge.public["ec"])
    assert payload == b"any bytes \xff"


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(lambda: b64(as_json(claims_with(roles=["global-admin"]))), id="more roles"),
        pytest.param(lambda: b64(json.dumps(claims_with(), indent=1).encode()), id="the same claims in other words"),
    ],
)
def test_no_signature_covers_another_payload(forge: Forge, payload: Callable[[], str]) -> None:
    header, _, signature = forge.token().split(".")
    with pytest.raises(Unauthenticated):
        verified_claims(f"{header}.{payload()}.{signature}", forge.keys)
