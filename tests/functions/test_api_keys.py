"""An API key from its first answer to its end: what it opens, what it never opens, and what is on record."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.names import PLATFORM, TenantId
from llm_config_local.dump import dump
from tests.support.clocks import SteppedClock
from tests.support.homes import EmbeddedKit, Reply, embedded

KEYS, WHOAMI = "/api/v1/api-keys", "/api/v1/whoami"
CONFIG = "/api/v1/configs/team/database?environment=production"
REFUSED = "the API key is not valid: use another one"


@pytest.fixture
def acme(home: EmbeddedKit) -> TenantId:
    return home.tenant("acme")


def made(home: EmbeddedKit, tenant: TenantId, *roles: str, by: str = "tenant-admin", **about: Any) -> dict[str, Any]:
    body = {"name": "a key", "roles": list(roles or ("viewer",)), **about}
    reply = home.call("POST", KEYS, body, token=home.token(tenant, by))
    assert reply.status == 201, reply.text
    told: dict[str, Any] = reply.json
    return told


def sent(
    home: EmbeddedKit, key: str, method: str = "GET", url: str = WHOAMI, body: Any = None, **headers: str
) -> Reply:
    return home.call(method, url, body, headers={"x-api-key": key, **headers})


def failures(home: EmbeddedKit) -> list[Mapping[str, Any]]:
    home.family.access_log.close()
    entries = list(dump(home.family.directory, "journal"))
    return [entry for entry in entries if entry["event_type"] == "authentication.failed"]


def test_a_key_opens_what_its_roles_open_in_its_own_tenant(home: EmbeddedKit, acme: TenantId) -> None:
    key = made(home, acme, "operator")
    assert sent(home, key["key"], "PUT", CONFIG, {"value": 1}).status == 201
    told = sent(home, key["key"]).json
    assert (told["tenant_id"], told["subject"], told["roles"]) == (acme, f"api-key:{key['id']}", ["operator"])
    assert (told["credential"], told["actor_type"]) == ("api_key", "api_key")
    viewer = made(home, acme, "viewer")
    assert sent(home, viewer["key"], "GET", CONFIG).status == 200
    assert sent(home, viewer["key"], "PUT", CONFIG, {"value": 2}).status == 403


def test_a_service_accounts_key_reads_its_namespaces_alone(home: EmbeddedKit, acme: TenantId) -> None:
    home.call("PUT", CONFIG, {"value": 1}, token=home.token(acme, "operator"))
    without = made(home, acme, "service-account")
    within = made(home, acme, "service-account", namespaces=["team"])
    assert sent(home, without["key"], "GET", CONFIG).status == 403
    assert sent(home, within["key"], "GET", CONFIG).status == 200
    assert sent(home, within["key"], "GET", CONFIG.replace("team", "other")).status == 403
    told = sent(home, within["key"]).json
    assert (told["actor_type"], told["namespaces"]) == ("service_account", ["team"])


def test_a_revoked_key_is_refused_from_the_next_request_on(home: EmbeddedKit, acme: TenantId) -> None:
    key, token = made(home, acme), home.token(acme, "tenant-admin")
    assert sent(home, key["key"]).status == 200
    assert home.call("DELETE", f"{KEYS}/{key['id']}", token=token).status == 204
    assert (sent(home, key["key"]).status, sent(home, key["key"]).json["detail"]) == (401, REFUSED)
    for method in ("GET", "DELETE"):
        assert home.call(method, f"{KEYS}/{key['id']}", token=token).status == 404
    assert home.call("GET", KEYS, token=token).json["items"] == []


def test_a_key_ends_when_it_says(tmp_path: Path) -> None:
    clock = SteppedClock()
    with embedded(tmp_path / "home", clock=clock) as home:
        acme = home.tenant("acme")
        key = made(home, acme, expires_at=clock.now().replace(year=2099).isoformat())
        assert sent(home, key["key"]).status == 200
        clock.step(200 * 365 * 86400)
        assert (sent(home, key["key"]).status, sent(home, key["key"]).json["detail"]) == (401, REFUSED)


def test_a_key_is_good_from_its_networks_alone(home: EmbeddedKit, acme: TenantId) -> None:
    here = made(home, acme, cidr="127.0.0.0/8")
    elsewhere = made(home, acme, cidr=["192.0.2.0/24", "2001:db8::/32"])
    assert sent(home, here["key"]).status == 200
    assert sent(home, elsewhere["key"], **{"x-forwarded-for": "192.0.2.1"}).status == 401


def test_every_refusal_of_a_key_is_the_same_answer(home: EmbeddedKit, acme: TenantId) -> None:
    key, gone = made(home, acme), made(home, acme)
    elsewhere = made(home, acme, cidr="192.0.2.0/24")
    home.call("DELETE", f"{KEYS}/{gone['id']}", token=home.token(acme, "tenant-admin"))
    wrong = key["key"][:-64] + "0" * 64
    unknown = f"llmc_01ARZ3NDEKTSV4RRFFQ69G5FZZ_{key['key'][-64:]}"
    swapped = key["key"][:-64] + gone["key"][-64:]
    replies = [sent(home, text) for text in (wrong, unknown, swapped, gone["key"], elsewhere["key"])]
    assert len({(reply.status, reply.text, json.dumps(dict(reply.headers))) for reply in replies}) == 1
    assert replies[0].status == 401
    assert replies[0].headers["WWW-Authenticate"]


def test_a_refused_key_is_on_its_tenants_record_and_an_unknown_one_on_the_platforms(
    home: EmbeddedKit, acme: TenantId
) -> None:
    key = made(home, acme)
    sent(home, key["key"][:-64] + "0" * 64)
    sent(home, f"llmc_01ARZ3NDEKTSV4RRFFQ69G5FZZ_{'0' * 64}")
    sent(home, "llmc_nonsense")
    told = failures(home)
    assert [(entry["tenant"], entry["metadata"]["reason"]) for entry in told[:2]] == [
        (acme, "wrong secret"),
        (PLATFORM, "unknown key"),
    ]
    assert (told[0]["resource"]["id"], told[2]["tenant"]) == (key["id"], PLATFORM)
    assert "nonsense" not in json.dumps(told)
    assert "0" * 64 not in json.dumps(told)


@pytest.mark.parametrize("text", ["", "llmc_", "Bearer x", "llmc_01ARZ3NDEKTSV4RRFFQ69G5FZZ_short"])
def test_what_is_no_key_is_refused_before_the_store_is_asked(home: EmbeddedKit, text: str) -> None:
    def untouched() -> Any:
        raise AssertionError("the store was asked")

    home.factories["api_key_reader"] = untouched
    home.forget()
    assert sent(home, text).status == 401


def test_two_credentials_are_none(home: EmbeddedKit, acme: TenantId) -> None:
    key, token = made(home, acme), home.token(acme, "viewer")
    both = home.call("GET", WHOAMI, token=token, headers={"x-api-key": key["key"]})
    assert both.status == 401
    assert both.json["detail"] == "send one credential: Authorization or X-API-Key, not both"
    assert sent(home, key["key"], authorization="").status == 401


def test_a_key_of_a_tenant_that_is_not_active_is_worth_nothing(home: EmbeddedKit, acme: TenantId) -> None:
    key = made(home, acme)
    record = {**home.provide("tenant_reader").by_id(acme).to_record(), "status": "suspended"}
    home.family.store.write(
        lambda db: db.execute("UPDATE tenants SET record = ? WHERE id = ?", (json.dumps(record), acme))
    )
    assert sent(home, key["key"]).status == 401
    assert sent(home, key["key"], "GET", CONFIG).status == 401


def test_a_secret_is_shown_once_and_is_nowhere_else(
    home: EmbeddedKit, acme: TenantId, capfd: pytest.CaptureFixture[str]
) -> None:
    token = home.token(acme, "tenant-admin")
    body, headers = {"name": "once", "roles": ["viewer"]}, {"idempotency-key": "once"}
    first = home.call("POST", KEYS, body, token=token, headers=headers)
    again = home.call("POST", KEYS, body, token=token, headers=headers)
    assert first.headers["Cache-Control"] == again.headers["Cache-Control"] == "no-store"
    assert (again.status, again.headers["Idempotency-Replayed"], again.json["key"]) == (201, "true", None)
    assert {**again.json, "key": first.json["key"]} == first.json
    secret = first.json["key"][-64:]
    sent(home, first.json["key"])
    sent(home, first.json["key"], "PUT", CONFIG, {"value": 1})
    listed = home.call("GET", KEYS, token=token).text + home.call("GET", f"{KEYS}/{first.json['id']}", token=token).text
    home.family.access_log.close()
    kept = "".join(
        json.dumps(row) for what in ("store", "journal", "events") for row in dump(home.family.directory, what)
    )
    digest = home.provide("api_key_reader").held(first.json["id"]).digest
    assert secret not in kept + listed + "".join(capfd.readouterr())
    assert digest not in listed
    assert kept.count(digest) == 1


@pytest.mark.parametrize(
    ("by", "given", "status"),
    [
        pytest.param("tenant-admin", "tenant-admin", 201, id="a tenant-admin gives its own role"),
        pytest.param("tenant-admin", "developer", 201, id="a tenant-admin gives a tenant's role"),
        pytest.param("tenant-admin", "global-admin", 403, id="a tenant-admin gives no global-admin"),
        pytest.param("tenant-admin", "superuser", 403, id="a tenant-admin gives no unknown role"),
        pytest.param("global-admin", "global-admin", 201, id="a global-admin gives its own role"),
        pytest.param("operator", "viewer", 403, id="an operator gives nothing"),
        pytest.param("viewer", "viewer", 403, id="a viewer gives nothing, not even its own"),
    ],
)
def test_nobody_gives_more_than_they_have(home: EmbeddedKit, acme: TenantId, by: str, given: str, status: int) -> None:
    body = {"name": "gift", "roles": ["viewer", given]}
    reply = home.call("POST", KEYS, body, token=home.token(acme, by))
    assert reply.status == status
    assert [row for row in dump(home.family.directory, "store") if row["table"] == "api_keys"] == [] or status == 201


def test_a_role_that_was_not_given_is_on_record_as_a_denial(home: EmbeddedKit, acme: TenantId) -> None:
    body = {"name": "gift", "roles": ["global-admin"]}
    home.call("POST", KEYS, body, token=home.token(acme, "tenant-admin"))
    (denied,) = [entry for entry in home.accesses() if entry.event_type == "access.denied"]
    assert (denied.tenant, denied.resource.id) == (acme, "roles/global-admin")


def test_on_the_platform_only_a_global_admin_gives_global_admin(home: EmbeddedKit) -> None:
    body = {"name": "gift", "roles": ["global-admin"]}
    assert home.call("POST", KEYS, body, token=home.token(PLATFORM, "tenant-admin")).status == 403
    key = made(home, PLATFORM, "global-admin", by="global-admin")
    assert sent(home, key["key"], "POST", "/api/v1/tenants", {"name": "globex"}).status == 201


def test_what_was_made_for_a_machine_gives_out_no_credentials(home: EmbeddedKit, acme: TenantId) -> None:
    key = made(home, acme, "tenant-admin")
    reply = sent(home, key["key"], "POST", KEYS, {"name": "child", "roles": ["viewer"]})
    assert (reply.status, reply.json["kind"]) == (403, "permission_denied")
    assert sent(home, key["key"], "GET", KEYS).status == 200
    body = {"name": "child", "roles": ["viewer"]}
    assert home.call("POST", KEYS, body, token=home.token(acme, "tenant-admin", "service-account")).status == 403


def test_a_key_is_made_once_for_one_idempotency_key(home: EmbeddedKit, acme: TenantId) -> None:
    token, headers = home.token(acme, "tenant-admin"), {"idempotency-key": "k"}
    for _ in range(3):
        home.call("POST", KEYS, {"name": "one", "roles": ["viewer"]}, token=token, headers=headers)
    other = home.call("POST", KEYS, {"name": "two", "roles": ["viewer"]}, token=token, headers=headers)
    assert (other.status, other.json["kind"]) == (422, "idempotency_mismatch")
    assert len(home.call("GET", KEYS, token=token).json["items"]) == 1


def test_a_listing_leaves_out_revoked_keys_and_fills_its_pages(home: EmbeddedKit, acme: TenantId) -> None:
    token = home.token(acme, "tenant-admin")
    ids = [made(home, acme, name=f"key {n}")["id"] for n in range(6)]
    for gone in (ids[0], ids[3]):
        home.call("DELETE", f"{KEYS}/{gone}", token=token)
    found, cursor = [], ""
    while cursor is not None:
        page = home.call("GET", f"{KEYS}?limit=2{cursor and '&cursor=' + cursor}", token=token).json
        found += [item["id"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert found == sorted(set(ids) - {ids[0], ids[3]})
    foreign = home.call("GET", f"{KEYS}?limit=2", token=token).json["next_cursor"]
    globex = home.tenant("globex")
    reply = home.call("GET", f"{KEYS}?limit=2&cursor={foreign}", token=home.token(globex, "tenant-admin"))
    assert (reply.status, reply.json["kind"]) == (400, "cursor_invalid")


@pytest.mark.parametrize(
    "body",
    [
        {"name": "x", "roles": ["Not A Role"]},
        {"name": "x", "roles": []},
        {"name": "x", "roles": ["viewer"] * 21},
        {"name": "", "roles": ["viewer"]},
        {"name": "a\nb", "roles": ["viewer"]},
        {"name": "x", "roles": ["viewer"], "cidr": []},
        {"name": "x", "roles": ["viewer"], "expires_at": "tomorrow"},
        {"name": "x", "roles": ["viewer"], "namespaces": ["*/x"]},
        {"name": "x", "roles": ["viewer"], "key": "mine"},
    ],
)
def test_what_cannot_be_a_key_is_refused(home: EmbeddedKit, acme: TenantId, body: dict[str, Any]) -> None:
    assert home.call("POST", KEYS, body, token=home.token(acme, "tenant-admin")).status == 400
