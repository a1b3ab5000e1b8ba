"""Secrets of each type through the whole product, at home."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.functions.test_bad_input import check_problem, state
from tests.support.everyday import ok
from tests.support.homes import EmbeddedKit
from tests.support.key_texts import certificate, key, pem

SECRET = "/api/v1/secrets/keys/main?environment=production"
COPIED = "/api/v1/secrets/keys/copy?environment=staging"
LIST = "/api/v1/secrets?namespace=keys"
LATER = "2099-01-01T00:00:00Z"
CANARY = "canary-7f3a-quoted"


@pytest.fixture
def token(home: EmbeddedKit) -> str:
    return home.token(home.tenant("acme"), "tenant-admin")


def put(home: EmbeddedKit, token: str, kind: str, value: Any, **more: Any) -> Any:
    reply = home.call("PUT", SECRET, {"type": kind, "value": value, **more}, token=token)
    assert reply.status in (200, 201), reply.text
    return reply.json


def signed(days: int = 90) -> dict[str, str]:
    made = key("ed25519")
    beginning = datetime.now(UTC).replace(microsecond=0) - timedelta(days=30)
    return {"certificate": certificate(made, days=30 + days, beginning=beginning), "private_key": pem(made)}


def test_a_certificates_end_is_the_end_of_its_secret(home: EmbeddedKit, token: str) -> None:
    value = signed()
    stored = put(home, token, "certificate", value)
    assert stored["expires_at"] == stored["computed"]["not_after"] > stored["updated_at"]
    found = ok(home.call("GET", SECRET, token=token))
    assert (found["value"], found["computed"], found["expires_at"]) == (
        value, stored["computed"], stored["expires_at"],
    )  # fmt: skip
    [listed] = ok(home.call("GET", LIST, token=token))["items"]
    assert (listed["computed"], listed["expires_at"]) == (stored["computed"], stored["expires_at"])


def test_an_expired_certificate_and_anothers_key_are_refused_and_nothing_changes(home: EmbeddedKit, token: str) -> None:
    before = state(home)
    expired, mixed = signed(-1), signed() | {"private_key": pem(key("ed25519", 1))}
    for value, rule in ((expired, "expired"), (mixed, "key")):
        reply = home.call("PUT", SECRET, {"type": "certificate", "value": value}, token=token)
        check_problem(reply, 422, "value_refused")
        assert [broken["rule"] for broken in reply.json["violations"]] == [rule]
    assert state(home) == before


def test_the_public_half_of_a_key_is_listed_and_the_private_one_is_not(home: EmbeddedKit, token: str) -> None:
    private = pem(key("P-256"))
    put(home, token, "jwt_signing_key", {"private_key": private})
    [listed] = ok(home.call("GET", LIST, token=token))["items"]
    assert listed["computed"]["algorithm"] == "ES256"
    assert set(listed["computed"]["public_jwk"]) == {"kty", "crv", "x", "y", "use", "alg", "kid"}


def test_a_connection_url_is_for_readers_alone(home: EmbeddedKit, token: str) -> None:
    login = {"host": "db.internal", "port": 5432, "database": "app", "username": "app", "password": "p/w"}
    stored = put(home, token, "database_credentials", login)
    assert stored["computed"] == {}
    found = ok(home.call("GET", SECRET, token=token))
    assert found["computed"] == {"connection_url": "postgresql://app:p%2Fw@db.internal:5432/app"}
    assert found["value"] == login


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("api_key", {CANARY: 1}),
        ("database_credentials", {"username": "u", "password": "p", CANARY: CANARY}),
        ("certificate", f"-----BEGIN CERTIFICATE-----\n{CANARY}\n-----END CERTIFICATE-----"),
        ("ssh_key", {"private_key": CANARY}),
        ("oauth_token", {"access_token": "t", "expires_at": CANARY}),
        ("jwt_signing_key", {"algorithm": CANARY}),
        ("cloud_credentials", {"provider": CANARY}),
    ],
)
def test_a_value_that_breaks_its_type_is_refused_and_not_quoted(
    home: EmbeddedKit, token: str, kind: str, value: Any
) -> None:
    before = state(home)
    for method in ("PUT", "POST"):
        reply = home.call(method, SECRET, {"type": kind, "value": value}, token=token)
        check_problem(reply, 422, "value_refused")
        assert reply.json["violations"] and reply.headers["Cache-Control"] == "no-store"
    assert state(home) == before


def test_an_end_is_told_wherever_the_secret_is(home: EmbeddedKit, token: str) -> None:
    stored = put(home, token, "api_key", "sk-1", expires_at="2099-01-01T01:00:00+01:00")
    assert stored["expires_at"] == "2099-01-01T00:00:00.000Z"
    for route in (LIST, "/api/v1/secret-versions/keys/main?environment=production"):
        [listed] = ok(home.call("GET", route, token=token))["items"]
        assert listed["expires_at"] == stored["expires_at"]
    to = {"to": {"path": "keys/copy", "environment": "staging"}}
    copied = home.call("POST", SECRET.replace("/secrets/", "/secret-copies/"), to, token=token)
    assert copied.json["expires_at"] == stored["expires_at"]
    assert ok(home.call("GET", COPIED, token=token))["expires_at"] == stored["expires_at"]


def test_each_version_has_its_own_end(home: EmbeddedKit, token: str) -> None:
    put(home, token, "api_key", "sk-1", expires_at=LATER)
    put(home, token, "api_key", "sk-2")
    assert ok(home.call("GET", SECRET, token=token))["expires_at"] is None
    assert ok(home.call("GET", f"{SECRET}&version=1", token=token))["expires_at"] is not None


@pytest.mark.parametrize("expires_at", ["2020-01-01T00:00:00Z", "2026-01-01T00:00:00+00:00"])
def test_an_end_that_was_is_refused_and_nothing_changes(home: EmbeddedKit, token: str, expires_at: str) -> None:
    before = state(home)
    reply = home.call("PUT", SECRET, {"type": "generic", "value": 1, "expires_at": expires_at}, token=token)
    check_problem(reply, 422, "value_refused")
    assert [(broken["path"], broken["rule"]) for broken in reply.json["violations"]] == [("/expires_at", "future")]
    assert state(home) == before


def test_what_has_expired_may_still_be_read_and_says_so(home: EmbeddedKit, token: str) -> None:
    past = "2020-01-01T00:00:00.000Z"
    put(home, token, "oauth_token", {"access_token": "t", "refresh_token": "r", "expires_at": past})
    found = ok(home.call("GET", SECRET, token=token))
    assert (found["stage"], found["expires_at"]) == ("current", past)
