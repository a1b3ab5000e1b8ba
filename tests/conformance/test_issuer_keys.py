"""ports/issuer_keys.py, promise by promise."""

import pytest

from tests.support.families import HomeUnderTest
from tests.support.homes import ISSUER


def test_a_key_is_found_under_its_kid_or_without_one_when_it_is_the_only_one(home: HomeUnderTest) -> None:
    keys, published = home.provide("issuer_keys"), home.kit.tokens.jwk()
    assert keys.find(ISSUER, published["kid"]) == published
    assert keys.find(ISSUER, None) == published


@pytest.mark.parametrize(
    ("issuer", "kid"),
    [
        pytest.param(ISSUER, "stranger", id="a strange kid"),
        pytest.param("https://stranger.test", None, id="a strange issuer"),
        pytest.param(ISSUER + "/", None, id="an issuer that is spelled almost so"),
    ],
)
def test_a_stranger_of_either_kind_has_none(home: HomeUnderTest, issuer: str, kid: str | None) -> None:
    assert home.provide("issuer_keys").find(issuer, kid) is None


def test_no_private_part_is_published(home: HomeUnderTest) -> None:
    assert "d" not in home.provide("issuer_keys").find(ISSUER, None)
