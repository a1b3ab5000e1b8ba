"""Which namespaces a caller sees, and what it may say about them."""

from typing import Any

import pytest

from llm_config_domain.names import TenantId
from llm_config_local.dump import dump
from tests.support.homes import EmbeddedKit

NAMESPACES = "/api/v1/namespaces"


@pytest.fixture
def acme(home: EmbeddedKit) -> TenantId:
    acme = home.tenant("acme")
    token = home.token(acme, "tenant-admin")
    for path in ("team/a/key", "team/b/key", "other/key"):
        home.call("PUT", f"/api/v1/configs/{path}?environment=production", {"value": 1}, token=token)
    secret = {"type": "generic", "value": "s"}
    home.call("PUT", "/api/v1/secrets/vault/key?environment=production", secret, token=token)
    assert home.call("PUT", f"{NAMESPACES}/said", {"description": "said"}, token=token).status == 201
    return acme


def listed(home: EmbeddedKit, token: str, query: str = "") -> list[str]:
    reply = home.call("GET", f"{NAMESPACES}{query}", token=token)
    assert reply.status == 200, reply.text
    return [item["namespace"] for item in reply.json["items"]]


@pytest.mark.parametrize("role", ["global-admin", "tenant-admin", "operator", "developer", "viewer"])
def test_who_may_list_everywhere_sees_all_of_its_tenant(home: EmbeddedKit, acme: TenantId, role: str) -> None:
    home.call("PUT", f"{NAMESPACES}/foreign", {}, token=home.token(home.tenant("globex"), "operator"))
    assert listed(home, home.token(acme, role)) == ["other", "said", "team/a", "team/b", "vault"]


@pytest.mark.parametrize(
    ("reach", "seen"),
    [
        ("team/*", ["team/a", "team/b"]),
        ("team/a", ["team/a"]),
        ("team", []),
        ("team/a/*", ["team/a"]),
        ("vault,said", ["said", "vault"]),
        ("*", ["other", "said", "team/a", "team/b", "vault"]),
    ],
)
def test_a_service_account_sees_the_namespaces_that_it_reaches(
    home: EmbeddedKit, acme: TenantId, reach: str, seen: list[str]
) -> None:
    token = home.token(acme, "service-account", attributes={"namespaces": reach})
    assert listed(home, token) == seen
    for name in ("other", "said", "team/a", "team/b", "vault"):
        status = home.call("GET", f"{NAMESPACES}/{name}", token=token).status
        assert status == (200 if name in seen else 403)
    assert home.call("PUT", f"{NAMESPACES}/said", {}, token=token).status == 403


def test_who_reaches_none_may_not_ask(home: EmbeddedKit, acme: TenantId) -> None:
    assert home.call("GET", NAMESPACES, token=home.token(acme, "service-account")).status == 403


def test_pages_are_filled_past_what_does_not_show(home: EmbeddedKit, acme: TenantId) -> None:
    token = home.token(acme, "service-account", attributes={"namespaces": "other,team/b,vault"})
    first = home.call("GET", f"{NAMESPACES}?limit=2", token=token).json
    assert [item["namespace"] for item in first["items"]] == ["other", "team/b"]
    assert listed(home, token, f"?limit=2&cursor={first['next_cursor']}") == ["vault"]


@pytest.mark.parametrize(
    ("role", "put", "delete"),
    [("tenant-admin", 200, 204), ("operator", 200, 403), ("developer", 403, 403), ("viewer", 403, 403)],
)
def test_what_is_said_is_changed_by_who_may_write_in_every_environment(
    home: EmbeddedKit, acme: TenantId, role: str, put: int, delete: int
) -> None:
    token = home.token(acme, role)
    assert home.call("PUT", f"{NAMESPACES}/said", {"owner_team": "us"}, token=token).status == put
    assert home.call("DELETE", f"{NAMESPACES}/said", token=token).status == delete


def test_a_namespace_that_holds_something_is_a_conflict_until_it_holds_nothing(
    home: EmbeddedKit, acme: TenantId
) -> None:
    token = home.token(acme, "tenant-admin")
    home.call("PUT", f"{NAMESPACES}/other", {"description": "about to go"}, token=token)
    held = home.call("DELETE", f"{NAMESPACES}/other", token=token)
    assert (held.status, held.json["kind"]) == (409, "conflict")
    home.call("DELETE", "/api/v1/configs/other/key?environment=production", token=token)
    assert home.call("DELETE", f"{NAMESPACES}/other", token=token).status == 204
    told = home.call("GET", f"{NAMESPACES}/other", token=token).json
    assert (told["description"], told["etag"], told["configs_revision"]) == (None, None, 2)
    assert home.call("DELETE", f"{NAMESPACES}/other", token=token).status == 404


def test_an_entity_tag_is_never_used_twice(home: EmbeddedKit, acme: TenantId) -> None:
    token, url = home.token(acme, "tenant-admin"), f"{NAMESPACES}/said"
    tags = [home.call("GET", url, token=token).headers["ETag"]]
    assert home.call("GET", url, token=token, headers={"if-none-match": tags[0]}).status == 304
    assert home.call("DELETE", url, token=token, headers={"if-match": tags[0]}).status == 204
    again = home.call("PUT", url, {}, token=token, headers={"if-none-match": "*"})
    assert (again.status, again.headers["Location"]) == (201, url)
    assert again.headers["ETag"] not in tags
    assert home.call("PUT", url, {}, token=token, headers={"if-match": tags[0]}).status == 412


@pytest.mark.parametrize(
    "body",
    [
        {"contacts": "one"},
        {"contacts": ["x"] * 21},
        {"contacts": [""]},
        {"description": "x" * 2001},
        {"owner_team": 1},
        {"cost": 1},
        {"tags": {"a": 1}},
    ],
)
def test_what_cannot_be_said_is_refused(home: EmbeddedKit, acme: TenantId, body: dict[str, Any]) -> None:
    assert home.call("PUT", f"{NAMESPACES}/said", body, token=home.token(acme, "operator")).status == 400


def test_an_event_names_the_namespace_and_says_nothing_of_it(home: EmbeddedKit, acme: TenantId) -> None:
    events = [event for event in dump(home.family.directory, "events") if "namespace." in event["type"]]
    assert [event["type"] for event in events] == ["com.llm.namespace.created"]
    assert events[0]["subject"] == f"tenant/{acme}/namespace/said"
    assert (events[0]["data"]["namespace"], events[0]["data"]["key"]) == ("said", "")
