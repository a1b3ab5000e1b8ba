"""Issuers' keys on AWS: kept for five minutes, asked for again with restraint."""

import json
from collections.abc import Callable

import pytest

from llm_config.adapters.oidc.issuer_keys import KEPT_SECONDS, UNKNOWN_KEY_PAUSE_SECONDS, OidcIssuerKeys
from llm_config_domain.errors import Unavailable
from tests.support.clocks import SteppedClock

ISSUER, URL = "https://issuer.test", "https://issuer.test/jwks"


class Issuer:
    """Publishes `kids`, or `document`, or nothing."""

    def __init__(self) -> None:
        self.kids, self.asked = ["a"], list[str]()
        self.document: bytes | None = None
        self.down = False

    def fetch(self, url: str) -> bytes:
        self.asked.append(url)
        if self.down:
            raise Unavailable("down")
        return self.document or json.dumps({"keys": [{"kid": kid, "kty": "EC"} for kid in self.kids]}).encode()


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
def find(issuer: Issuer, clock: SteppedClock) -> Callable[[str | None], object]:
    keys = OidcIssuerKeys({ISSUER: URL}, clock, issuer.fetch)
    return lambda kid: keys.find(ISSUER, kid)


def test_a_strange_issuer_is_not_asked(issuer: Issuer, clock: SteppedClock) -> None:
    assert OidcIssuerKeys({ISSUER: URL}, clock, issuer.fetch).find("https://stranger.test", "a") is None
    assert issuer.asked == []


def test_keys_are_kept_for_five_minutes(
    issuer: Issuer, clock: SteppedClock, find: Callable[[str | None], object]
) -> None:
    assert find("a") == find("a")
    clock.step(KEPT_SECONDS - 1)
    find("a")
    assert issuer.asked == [URL]
    clock.step(2)
    find("a")
    assert issuer.asked == [URL, URL]


def test_a_new_key_is_found_and_strange_ones_are_asked_for_once_a_minute(
    issuer: Issuer, clock: SteppedClock, find: Callable[[str | None], object]
) -> None:
    find("a")
    issuer.kids = ["a", "b"]
    assert [find(kid) for kid in ("b", "c", "d")] == [None, None, None]
    assert len(issuer.asked) == 1
    clock.step(UNKNOWN_KEY_PAUSE_SECONDS)
    assert find("b") is not None
    assert [find(kid) for kid in ("c", "d", "e")] == [None, None, None]
    assert len(issuer.asked) == 2


def test_a_key_that_was_withdrawn_is_not_found_after_five_minutes(
    issuer: Issuer, clock: SteppedClock, find: Callable[[str | None], object]
) -> None:
    find("a")
    issuer.kids = ["b"]
    clock.step(KEPT_SECONDS)
    assert find("a") is None


def test_without_a_kid_two_keys_are_as_good_as_none(issuer: Issuer, find: Callable[[str | None], object]) -> None:
    issuer.kids = ["a", "b"]
    assert find(None) is None


def test_keys_that_cannot_be_had_are_unavailable_and_kept_ones_go_on(
    issuer: Issuer, clock: SteppedClock, find: Callable[[str | None], object]
) -> None:
    find("a")
    issuer.down = True
    clock.step(UNKNOWN_KEY_PAUSE_SECONDS)
    with pytest.raises(Unavailable):
        find("b")
    assert find("b") is None  # asked a moment ago
    assert find("a") is not None
    clock.step(KEPT_SECONDS)
    with pytest.raises(Unavailable):
        find("a")


@pytest.mark.parametrize("document", [b"<html>", b"[]", b"{}", b'{"keys": {}}', b"\xff", b'{"keys": 1}'])
def test_what_is_no_key_set_is_unavailable(
    issuer: Issuer, find: Callable[[str | None], object], document: bytes
) -> None:
    issuer.document = document
    with pytest.raises(Unavailable):
        find("a")


def test_members_that_are_no_keys_are_passed_over(issuer: Issuer, find: Callable[[str | None], object]) -> None:
    issuer.document = b'{"keys": [1, null, {"kid": "a"}, {"kid": ["a"]}]}'
    assert find("a") == {"kid": "a"}
