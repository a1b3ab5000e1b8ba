"""Bad input is a clear 4xx that quotes nothing and changes nothing."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.homes import EmbeddedKit, Reply, embedded

CANARY = "canary-7f3a-quoted"
CONFIG = "/api/v1/configs/app/database?environment=production"
SECRET = "/api/v1/secrets/app/key?environment=production"


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedKit]:
    with embedded(tmp_path_factory.mktemp("home")) as kit:
        yield kit


@pytest.fixture(scope="module")
def token(kit: EmbeddedKit) -> str:
    token = kit.token(kit.tenant("acme"), "tenant-admin")
    assert kit.call("PUT", CONFIG, {"value": {"pool_size": 50}}, token=token).status == 201
    assert kit.call("PUT", SECRET, {"type": "generic", "value": "s3cret"}, token=token).status == 201
    return token


def state(kit: EmbeddedKit) -> list[Any]:
    """Everything that the store holds, but for the record of accesses."""
    with closing(sqlite3.connect(kit.family.directory / "store.sqlite")) as db:
        tables = [
            name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'journal'")
        ]
        rows = [row for table in sorted(tables) for row in db.execute(f"SELECT * FROM {table}")]
        return rows + db.execute("SELECT * FROM journal WHERE line <> 'A'").fetchall()


def check_problem(reply: Reply, status: int, kind: str) -> None:
    assert (reply.status, reply.json["kind"], reply.json["status"]) == (status, kind, status)
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json["type"] == f"urn:llm-config:problem:{kind}"
    assert reply.json["request_id"] == reply.headers["X-Request-Id"]
    assert CANARY not in reply.text


BODIES = [
    pytest.param(b'{"value": NaN}', 400, "malformed", id="NaN"),
    pytest.param(b'{"value": 1, "value": 2}', 400, "malformed", id="a name twice"),
    pytest.param(b'{"value": "\xff"}', 400, "malformed", id="not UTF-8"),
    pytest.param(b'{"value": "\\ud800"}', 400, "malformed", id="half a surrogate pair"),
    pytest.param(b'{"value": ' + b"[" * 70 + b"]" * 70 + b"}", 400, "malformed", id="too deep"),
    pytest.param(b"[" * 1_000_000, 400, "malformed", id="a JSON bomb"),
    pytest.param(b"[]", 400, "malformed", id="not an object"),
    pytest.param(b'{"value"', 400, "malformed", id="cut off"),
    pytest.param(b"", 400, "malformed", id="no body"),
    pytest.param(b"{}", 400, "malformed", id="no value"),
    pytest.param(b'{"value": "' + b"x" * (2 * 1024 * 1024) + b'"}', 413, "too_large", id="a body over 2 MiB"),
    pytest.param(b'{"value": "' + b"x" * (1024 * 1024) + b'"}', 413, "too_large", id="a value over 1 MiB"),
    pytest.param(json.dumps({"value": 1, CANARY: 2}).encode(), 400, "malformed", id="an unknown field"),
    pytest.param(json.dumps({"value": 1, "path": CANARY}).encode(), 400, "malformed", id="the path in the body"),
    pytest.param(
        json.dumps({"value": 1, "environment": "edge"}).encode(), 400, "malformed", id="environment in the body"
    ),
    pytest.param(json.dumps({"value": 1, "tenant": CANARY}).encode(), 400, "malformed", id="a tenant in the body"),
    pytest.param(json.dumps({"value": 1, "if_match": '"1"'}).encode(), 400, "malformed", id="a header in the body"),
    pytest.param(json.dumps({"value": 1, "reason": 5}).encode(), 400, "malformed", id="a reason that is not text"),
    pytest.param(json.dumps({"value": 1, "reason": CANARY * 200}).encode(), 400, "malformed", id="a long reason"),
    pytest.param(json.dumps({"value": 1, "classification": CANARY}).encode(), 400, "malformed", id="classification"),
    pytest.param(json.dumps({"value": 1, "tags": [CANARY]}).encode(), 400, "malformed", id="tags that are a list"),
    pytest.param(json.dumps({"value": 1, "tags": {"a": 1}}).encode(), 400, "malformed", id="a tag that is a number"),
    pytest.param(
        json.dumps({"value": 1, "tags": {str(n): "" for n in range(51)}}).encode(), 400, "malformed", id="51 tags"
    ),
    *(
        pytest.param(json.dumps({"value": 1, later: {}}).encode(), 400, "malformed", id=f"{later} is for later")
        for later in ("schema", "expires_at", "git", "merge")
    ),
    *(
        pytest.param(
            json.dumps({"value": {"a": {special: CANARY}}}).encode(), 422, "value_refused", id=f"{special} is for later"
        )
        for special in ("$ref", "$template", "$unset")
    ),
    pytest.param(
        json.dumps({"value": {"$secret": CANARY}}).encode(), 422, "value_refused", id="a reference to nowhere"
    ),
]


@pytest.mark.parametrize(("raw", "status", "kind"), BODIES)
def test_a_bad_body_of_a_config_is_refused_and_changes_nothing(
    kit: EmbeddedKit, token: str, raw: bytes, status: int, kind: str
) -> None:
    before = state(kit)
    check_problem(kit.call("PUT", CONFIG, raw=raw, token=token), status, kind)
    assert state(kit) == before


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"type": "password", "value": CANARY}, id="an unknown type"),
        pytest.param({"value": CANARY}, id="no type"),
        pytest.param({"type": "generic"}, id="no value"),
        pytest.param({"type": 5, "value": CANARY}, id="a type that is a number"),
        pytest.param({"type": "generic", "value": CANARY, "activate": "no"}, id="activate that is text"),
        pytest.param({"type": "generic", "value": CANARY, "rotation": {"surprise": 1}}, id="rotation has its fields"),
        pytest.param({"type": "generic", "value": CANARY, "expires_at": CANARY}, id="an end that is no time"),
        pytest.param({"type": "generic", "value": CANARY, CANARY: 1}, id="an unknown field"),
    ],
)
def test_a_bad_body_of_a_secret_is_refused_and_not_quoted(kit: EmbeddedKit, token: str, body: Any) -> None:
    before = state(kit)
    reply = kit.call("PUT", SECRET, body, token=token)
    check_problem(reply, 400, "malformed")
    assert reply.headers["Cache-Control"] == "no-store"
    assert state(kit) == before


@pytest.mark.parametrize(
    ("path", "query", "kind"),
    [
        pytest.param("app/../database", "environment=production", "malformed", id="dots"),
        pytest.param("app//database", "environment=production", "malformed", id="an empty segment"),
        pytest.param("App/database", "environment=production", "malformed", id="upper case"),
        pytest.param("äpp/database", "environment=production", "malformed", id="unicode"),
        pytest.param("app/data%62ase", "environment=production", "malformed", id="percent-encoding"),
        pytest.param("n" * 501 + "/database", "environment=production", "malformed", id="501 characters"),
        pytest.param("database", "environment=production", "malformed", id="no namespace"),
        pytest.param("app/database", "", "environment_required", id="no environment"),
        pytest.param("app/database", "environment=", "malformed", id="an empty environment"),
        pytest.param("app/database", f"environment={CANARY}", "malformed", id="an unknown environment"),
        pytest.param("app/database", "environment=system", "malformed", id="the platform's environment"),
        pytest.param("app/database", "environment=production,edge", "malformed", id="two environments"),
        pytest.param("app/database", f"environment=production&{CANARY}=1", "malformed", id="an unknown parameter"),
        pytest.param("app/database", "environment=production&path=x", "malformed", id="the path in the query"),
    ],
)
@pytest.mark.parametrize("route", ["configs", "secrets", "resolved"])
def test_a_bad_name_is_refused_on_every_route(
    kit: EmbeddedKit, token: str, route: str, path: str, query: str, kind: str
) -> None:
    reply = kit.call("GET", f"/api/v1/{route}/{path}?{query}", token=token)
    check_problem(reply, 400, kind)


@pytest.mark.parametrize("version", ["0", "-1", "1.5", "x", "", "9999999999", "\uff11"])
@pytest.mark.parametrize("url", [CONFIG, SECRET], ids=["config", "secret"])
def test_a_version_is_a_whole_number_from_one(kit: EmbeddedKit, token: str, url: str, version: str) -> None:
    check_problem(kit.call("GET", f"{url}&version={version}", token=token), 400, "malformed")


@pytest.mark.parametrize("url", [CONFIG, SECRET], ids=["config", "secret"])
def test_a_version_that_never_was_is_not_found(kit: EmbeddedKit, token: str, url: str) -> None:
    check_problem(kit.call("GET", f"{url}&version=99999", token=token), 404, "not_found")


@pytest.mark.parametrize(
    "query",
    ["as_of=yesterday", "as_of=-1", "min_revision=-1", "min_revision=x", "explain=yes", "secrets=all", "secrets="],
)
def test_a_parameter_of_resolve_that_means_nothing_is_refused(kit: EmbeddedKit, token: str, query: str) -> None:
    reply = kit.call("GET", f"/api/v1/resolved/app/database?environment=production&{query}", token=token)
    check_problem(reply, 400, "malformed")


@pytest.mark.parametrize("url", [CONFIG, SECRET], ids=["config", "secret"])
@pytest.mark.parametrize(
    ("headers", "status", "kind"),
    [
        pytest.param({"if-match": '"9"'}, 412, "precondition_failed", id="another version"),
        pytest.param({"if-none-match": "*"}, 412, "precondition_failed", id="it exists"),
        pytest.param({"content-type": "text/plain"}, 415, "unsupported_media_type", id="not JSON"),
        pytest.param({"accept": "text/html"}, 406, "not_acceptable", id="no JSON wanted"),
        pytest.param({"accept": "application/json;q=0"}, 406, "not_acceptable", id="JSON refused"),
        pytest.param({"idempotency-key": ""}, 400, "malformed", id="an empty idempotency key"),
        pytest.param({"idempotency-key": "k" * 256}, 400, "malformed", id="a long idempotency key"),
        pytest.param({"idempotency-key": "käse"}, 400, "malformed", id="an idempotency key that is not ASCII"),
    ],
)
def test_a_header_that_forbids_the_write_is_obeyed(
    kit: EmbeddedKit, token: str, url: str, headers: dict[str, str], status: int, kind: str
) -> None:
    before = state(kit)
    body = {"value": 1} if url == CONFIG else {"type": "generic", "value": 1}
    check_problem(kit.call("PUT", url, body, token=token, headers=headers), status, kind)
    assert state(kit) == before


def test_an_idempotency_key_with_another_body_is_refused(kit: EmbeddedKit, token: str) -> None:
    headers = {"idempotency-key": "once"}
    url = "/api/v1/configs/app/once?environment=edge"
    first = kit.call("PUT", url, {"value": 1}, token=token, headers=headers)
    again = kit.call("PUT", url, {"value": 1}, token=token, headers=headers)
    assert (again.status, again.text, again.headers["Idempotency-Replayed"]) == (first.status, first.text, "true")
    before = state(kit)
    check_problem(kit.call("PUT", url, {"value": 2}, token=token, headers=headers), 422, "idempotency_mismatch")
    assert state(kit) == before


def test_a_get_takes_no_body(kit: EmbeddedKit, token: str) -> None:
    check_problem(kit.call("GET", CONFIG, {"value": 1}, token=token), 400, "malformed")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "Acme"},
        {"name": 5},
        {"name": "b", "tier": CANARY},
        {"name": "b", "quotas": {}},
        {"name": "b", "id": "x"},
    ],
)
def test_a_bad_tenant_is_refused(kit: EmbeddedKit, body: Any) -> None:
    platform = kit.token(kit.provide("tenant_reader").by_name("platform").id, "global-admin")
    before = state(kit)
    check_problem(kit.call("POST", "/api/v1/tenants", body, token=platform), 400, "malformed")
    assert state(kit) == before


@pytest.mark.parametrize("credential", [None, "", "x", "a.b.c", CANARY])
def test_no_valid_credential_is_401_before_anything_else_is_looked_at(kit: EmbeddedKit, credential: str | None) -> None:
    reply = kit.call("PUT", "/api/v1/configs/BAD?x=1", raw=b"{", token=credential)
    check_problem(reply, 401, "unauthenticated")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_of_a_tenant_that_is_gone_is_401(kit: EmbeddedKit, tmp_path: Path) -> None:
    stranger = kit.token(kit.provide("identifiers").ulid(), "tenant-admin")
    for method, url, body in (
        ("GET", CONFIG, None),
        ("PUT", CONFIG, {"value": 1}),
        ("GET", SECRET, None),
        ("PUT", SECRET, {"type": "generic", "value": 1}),
        ("GET", "/api/v1/resolved/app/database?environment=edge", None),
        ("GET", "/api/v1/whoami", None),
        ("GET", "/api/v1/tenants/acme", None),
    ):
        check_problem(kit.call(method, url, body, token=stranger), 401, "unauthenticated")
