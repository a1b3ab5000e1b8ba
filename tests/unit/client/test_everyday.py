"""The calls of every day: history, differences, the way back, and the stages of a secret, as they go over the wire."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from llm_config_client import Client, calls
from llm_config_contract.wire import NoContent
from llm_config_domain.errors import Conflict, Malformed
from tests.unit.client.answering import CONFIG, SECRET, Answering, answered, refused

PROD = {"environment": "production"}
METADATA = {
    **{name: member for name, member in CONFIG.items() if name not in ("value", "schema")},
    "type": "generic",
    "version_id": SECRET["version_id"],
    "stage": "current",
}
DIFF = {"from": 1, "to": 2, "patch": [{"op": "remove", "path": "/a"}], "summary": "1 removed: /a"}
HISTORY = {"items": [{name: member for name, member in CONFIG.items() if name != "value"}], "next_cursor": None}
API_KEY = {
    **{name: CONFIG[name] for name in ("id", "created_at", "created_by", "expires_at")},
    "name": "ci",
    "roles": ["viewer"],
    "namespaces": None,
    "cidr": None,
}
NAMESPACE: dict[str, Any] = {
    **dict.fromkeys(("description", "owner_team", "created_at", "created_by", "updated_at", "updated_by", "etag")),
    "namespace": "team/a",
    "contacts": [],
    "tags": {},
    "configs_revision": 0,
    "secrets_revision": 0,
}
NO_KEY = ("/config-validations/", "/service-tokens")
WRITTEN = {"reason": "why", "if_match": '"3"', "idempotency_key": "mine"}


def sent(call: Callable[[Client], Any], answer: Any, status: int = 200) -> httpx.Request:
    server = Answering(answered(answer, status) if answer is not None else httpx.Response(status))
    with server.client() as client:
        call(client)
    [request] = server.requests
    return request


@pytest.mark.parametrize(
    ("call", "answer", "expected"),
    [
        pytest.param(
            lambda c: c.create_config("app/x", None, tags={"a": "b"}, **PROD),
            CONFIG,
            ("POST", "/configs/app/x", "environment=production", b'{"value":null,"tags":{"a":"b"}}'),
            id="create a config",
        ),
        pytest.param(
            lambda c: c.list_config_versions("app/x", limit=5, **PROD),
            HISTORY,
            ("GET", "/config-versions/app/x", "limit=5&environment=production", b""),
            id="history",
        ),
        pytest.param(
            lambda c: c.diff_config("app/x", from_version=1, to_version=2, **PROD),
            DIFF,
            ("GET", "/config-diffs/app/x", "environment=production&from=1&to=2", b""),
            id="differences",
        ),
        pytest.param(
            lambda c: c.rollback_config("app/x", version=2, **PROD, **WRITTEN),
            CONFIG,
            ("POST", "/config-rollbacks/app/x", "environment=production", b'{"version":2,"reason":"why"}'),
            id="roll back",
        ),
        pytest.param(
            lambda c: c.restore_config("app/x", reason="why", **PROD),
            CONFIG,
            ("POST", "/config-restores/app/x", "environment=production", b'{"reason":"why"}'),
            id="restore a config",
        ),
        pytest.param(
            lambda c: c.validate_config("app/x", 1, schema={"type": "string"}, **PROD),
            {"valid": True, "violations": [], "warnings": []},
            ("POST", "/config-validations/app/x", "environment=production", b'{"value":1,"schema":{"type":"string"}}'),
            id="validate",
        ),
        pytest.param(
            lambda c: c.changes("team/*", "7", wait=5),
            {"changes": [], "next": "8"},
            ("GET", "/changes", "namespace=team%2F%2A&since=7&wait=5", b""),
            id="changes",
        ),
        pytest.param(
            lambda c: c.create_api_key("ci", ("viewer",), cidr=["10.0.0.0/8"]),
            {**API_KEY, "key": "llmc_canary"},
            ("POST", "/api-keys", "", b'{"name":"ci","roles":["viewer"],"cidr":["10.0.0.0/8"]}'),
            id="create an API key",
        ),
        pytest.param(
            lambda c: c.list_api_keys(limit=2),
            {"items": [API_KEY], "next_cursor": None},
            ("GET", "/api-keys", "limit=2", b""),
            id="list API keys",
        ),
        pytest.param(
            lambda c: c.get_api_key(API_KEY["id"]),
            API_KEY,
            ("GET", f"/api-keys/{API_KEY['id']}", "", b""),
            id="an API key",
        ),
        pytest.param(
            lambda c: c.create_service_token("gateway", ["service-account"], namespaces=("team/a",), ttl=60),
            {"token": "canary", "expires_at": CONFIG["created_at"]},
            (
                "POST",
                "/service-tokens",
                "",
                b'{"subject":"gateway","roles":["service-account"],"namespaces":["team/a"],"ttl":60}',
            ),
            id="a token for a service",
        ),
        pytest.param(
            lambda c: c.put_namespace("team/a", owner_team="core", contacts=("a@b",), if_match='"1"'),
            NAMESPACE,
            ("PUT", "/namespaces/team/a", "", b'{"owner_team":"core","contacts":["a@b"]}'),
            id="say whose a namespace is",
        ),
        pytest.param(
            lambda c: c.purge_caches(reason="put back"),
            {"generation": 1, "purged_at": CONFIG["created_at"]},
            ("POST", "/cache-purges", "", b'{"reason":"put back"}'),
            id="purge the caches",
        ),
        pytest.param(
            lambda c: c.get_namespace("team/a"), NAMESPACE, ("GET", "/namespaces/team/a", "", b""), id="a namespace"
        ),
        pytest.param(
            lambda c: c.list_namespaces(limit=2),
            {"items": [NAMESPACE], "next_cursor": None},
            ("GET", "/namespaces", "limit=2", b""),
            id="list namespaces",
        ),
        pytest.param(
            lambda c: c.search_names("pine cone", kind="secret", namespace="team/*", tag="owner"),
            {"items": [], "next_cursor": None, "as_of": None},
            ("GET", "/search", "namespace=team%2F%2A&q=pine+cone&kind=secret&tag=owner", b""),
            id="search",
        ),
        pytest.param(
            lambda c: c.create_secret("keys/x", "v", activate=False, **PROD),
            METADATA,
            ("POST", "/secrets/keys/x", "environment=production", b'{"type":"generic","value":"v","activate":false}'),
            id="create a secret",
        ),
        pytest.param(
            lambda c: c.list_secrets(namespace="keys"),
            {"items": [METADATA], "next_cursor": None},
            ("GET", "/secrets", "namespace=keys", b""),
            id="list secrets",
        ),
        pytest.param(
            lambda c: c.list_secret_versions("keys/x", **PROD),
            {"items": [METADATA], "next_cursor": None},
            ("GET", "/secret-versions/keys/x", "environment=production", b""),
            id="versions of a secret",
        ),
        pytest.param(
            lambda c: c.get_secret_stages("keys/x", **PROD),
            {"versions": []},
            ("GET", "/secrets/keys/x", "environment=production&stage=current%2Cprevious", b""),
            id="a secret at its stages",
        ),
        pytest.param(
            lambda c: c.copy_secret("keys/x", to_path="keys/y", reason="a second one", **PROD),
            METADATA,
            (
                "POST",
                "/secret-copies/keys/x",
                "environment=production",
                b'{"to":{"path":"keys/y","environment":"production"},"reason":"a second one"}',
            ),
            id="copy a secret",
        ),
        pytest.param(
            lambda c: c.move_secret("keys/x", to_path="keys/x", to_environment="staging", if_match='"1"', **PROD),
            METADATA,
            (
                "POST",
                "/secret-moves/keys/x",
                "environment=production",
                b'{"to":{"path":"keys/x","environment":"staging"}}',
            ),
            id="move a secret",
        ),
        pytest.param(
            lambda c: c.activate_secret("keys/x", version=2, **PROD),
            METADATA,
            ("POST", "/secret-activations/keys/x", "environment=production", b'{"version":2}'),
            id="activate",
        ),
        pytest.param(
            lambda c: c.revoke_secret("keys/x", version=2, reason="lost", **PROD),
            METADATA,
            ("POST", "/secret-revocations/keys/x", "environment=production", b'{"version":2,"reason":"lost"}'),
            id="revoke",
        ),
        pytest.param(
            lambda c: c.restore_secret("keys/x", **PROD),
            METADATA,
            ("POST", "/secret-restores/keys/x", "environment=production", b""),
            id="restore a secret",
        ),
        pytest.param(
            lambda c: c.destroy_secret("keys/x", versions=(1, 2), **PROD),
            {"versions": [METADATA]},
            ("POST", "/secret-destructions/keys/x", "environment=production", b'{"versions":[1,2]}'),
            id="destroy",
        ),
    ],
)
def test_a_call_goes_where_the_contract_says(
    call: Callable[[Client], Any], answer: Any, expected: tuple[str, str, str, bytes]
) -> None:
    request = sent(call, answer)
    path = request.url.path.removeprefix("/api/v1")
    assert (request.method, path, set(request.url.query.decode().split("&"))) == (
        *expected[:2],
        set(expected[2].split("&")),
    )
    assert request.content == expected[3]
    assert ("idempotency-key" in request.headers) == (request.method != "GET" and not path.startswith(NO_KEY))


@pytest.mark.parametrize("delete", [Client.delete_config, Client.delete_secret], ids=["config", "secret"])
def test_a_deletion_has_an_empty_answer(delete: Callable[..., Any]) -> None:
    request = sent(lambda client: delete(client, "app/x", **PROD, **WRITTEN), None, 204)
    assert (request.method, request.content) == ("DELETE", b"")
    assert dict(request.url.params) == {"environment": "production", "reason": "why"}
    assert (request.headers["if-match"], request.headers["idempotency-key"]) == ('"3"', "mine")


def test_an_empty_answer_says_its_version_in_its_headers() -> None:
    server = Answering(httpx.Response(204, headers={"ETag": '"4"'}))
    answer = server.client().send(calls.delete_config("app/x", environment="edge"))
    assert (answer.body, answer.headers["etag"]) == (NoContent(), '"4"')


@pytest.mark.parametrize(
    ("patch", "said", "media_type", "content"),
    [
        pytest.param(
            [{"op": "remove", "path": "/a"}], None, "json-patch", b'[{"op":"remove","path":"/a"}]', id="a list"
        ),
        pytest.param({"a": None}, None, "merge-patch", b'{"a":null}', id="an object"),
        pytest.param([1], "merge", "merge-patch", b"[1]", id="a list that replaces"),
        pytest.param(None, "merge", "merge-patch", b"null", id="null that replaces"),
    ],
)
def test_a_patch_is_the_whole_body_and_its_media_type_says_which(
    patch: Any, said: Any, media_type: str, content: bytes
) -> None:
    request = sent(lambda c: c.patch_config("app/x", patch, type=said, **PROD, **WRITTEN), CONFIG)
    assert (request.method, request.content) == ("PATCH", content)
    assert request.headers["content-type"] == f"application/{media_type}+json"
    assert dict(request.url.params) == {"environment": "production", "reason": "why"}
    assert request.headers["if-match"] == '"3"'


def test_a_patch_of_another_shape_is_not_guessed() -> None:
    with pytest.raises(Malformed, match="type='merge'"):
        calls.patch_config("app/x", "text", environment="edge")


def test_a_name_that_is_taken_is_a_conflict() -> None:
    with pytest.raises(Conflict):
        Answering(refused(Conflict())).client().create_config("app/x", 1, environment="edge")


def test_a_history_is_read_as_far_as_it_is_wanted() -> None:
    server = Answering(answered({**HISTORY, "next_cursor": "more"}), answered(HISTORY))
    history = server.client().every(calls.list_config_versions, path="app/x", environment="edge")
    assert next(history).version == 3
    assert len(server.requests) == 1
    assert next(history).version == 3
    assert server.requests[1].url.params["cursor"] == "more"
    assert list(history) == []
