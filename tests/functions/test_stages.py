"""A secret's versions by their stage: who checks credentials of others needs the old one as long as it is good."""

from typing import Any

import pytest

from llm_config_domain.names import TenantId
from tests.support.everyday import ok, recorded, refused
from tests.support.homes import EmbeddedKit, Reply

SECRET = "/api/v1/secrets/keys/main?environment=production"


@pytest.fixture
def token(home: EmbeddedKit) -> str:
    tenant: TenantId = home.tenant("acme")
    token = home.token(tenant, "tenant-admin")
    for value in ("one", "two"):
        assert home.call("PUT", SECRET, {"type": "api_key", "value": value}, token=token).status in (200, 201)
    return token


def read(home: EmbeddedKit, token: str, stage: str, **headers: str) -> Reply:
    return home.call("GET", f"{SECRET}&stage={stage}", token=token, headers=headers)


def told(reply: Reply) -> list[tuple[Any, ...]]:
    return [(one["version"], one["stage"], one["value"]) for one in ok(reply)["versions"]]


@pytest.mark.parametrize(
    ("stage", "versions"),
    [
        ("current", [(2, "current", "two")]),
        ("previous", [(1, "previous", "one")]),
        ("current,previous", [(2, "current", "two"), (1, "previous", "one")]),
        ("previous,current", [(2, "current", "two"), (1, "previous", "one")]),
    ],
)
def test_the_versions_of_the_stages_are_told(
    home: EmbeddedKit, token: str, stage: str, versions: list[tuple[Any, ...]]
) -> None:
    assert told(read(home, token, stage)) == versions


def test_one_record_names_all_that_was_read(home: EmbeddedKit, token: str) -> None:
    reply = read(home, token, "current,previous")
    (entry,) = recorded(home, "secret.accessed")
    assert entry.metadata["versions"] == [2, 1]
    assert entry.metadata["version_ids"] == [one["version_id"] for one in reply.json["versions"]]
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_tag_changes_with_a_stage_and_a_304_is_on_record(home: EmbeddedKit, token: str) -> None:
    tag = read(home, token, "current,previous").headers["ETag"]
    assert read(home, token, "current,previous", **{"if-none-match": tag}).status == 304
    assert len(recorded(home, "secret.accessed")) == 2
    url = SECRET.replace("/secrets/", "/secret-activations/")
    assert home.call("POST", url, {"version": 1}, token=token).status == 200
    again = read(home, token, "current,previous", **{"if-none-match": tag})
    assert told(again) == [(1, "current", "one"), (2, "previous", "two")]


def test_a_stage_at_which_nothing_stands_is_absent(home: EmbeddedKit, token: str) -> None:
    url = SECRET.replace("/secrets/", "/secret-revocations/")
    assert home.call("POST", url, {"version": 1}, token=token).status == 200
    assert refused(read(home, token, "previous")) == (404, "not_found")
    assert told(read(home, token, "current,previous")) == [(2, "current", "two")]


@pytest.mark.parametrize("query", ["stage=", "stage=pending", "stage=current,revoked", "stage=current&version=1"])
def test_other_stages_and_a_version_beside_one_are_refused(home: EmbeddedKit, token: str, query: str) -> None:
    assert refused(home.call("GET", f"{SECRET}&{query}", token=token)) == (400, "malformed")
    assert recorded(home, "secret.accessed") == []
