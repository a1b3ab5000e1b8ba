"""A service token from its answer to its end: whose it is, what it opens, and what is on record."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from llm_config.adapters.kms.token_keys import KmsTokenSigner
from llm_config_domain.names import TenantId
from llm_config_local.dump import dump
from tests.support.aws import on_aws
from tests.support.clocks import SteppedClock
from tests.support.homes import EmbeddedKit, Kit, Reply, embedded

TOKENS, WHOAMI = "/api/v1/service-tokens", "/api/v1/whoami"
CONFIG = "/api/v1/configs/team/database?environment=production"
HOMES: dict[str, Callable[[Path], AbstractContextManager[Kit]]] = {
    "sqlite": lambda directory: embedded(directory / "home", clock=SteppedClock()),
    "aws": on_aws,
}


@pytest.fixture(params=list(HOMES))
def kit(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kit]:
    with HOMES[request.param](tmp_path) as kit:
        yield kit


@pytest.fixture
def acme(kit: Kit) -> TenantId:
    return kit.tenant("acme")


def asked(kit: Kit, tenant: TenantId, *by: str, **about: Any) -> Reply:
    body = {"subject": "export", "roles": ["service-account"], **about}
    return kit.call("POST", TOKENS, body, token=kit.token(tenant, *(by or ("tenant-admin",))))


def test_a_service_reads_its_namespaces_and_is_who_it_is_said_to_be(kit: Kit, acme: TenantId) -> None:
    kit.call("PUT", CONFIG, {"value": 1}, token=kit.token(acme, "operator"))
    given = asked(kit, acme, namespaces=["team"])
    assert (given.status, given.headers["Cache-Control"]) == (201, "no-store")
    token = given.json["token"]
    told = kit.call("GET", WHOAMI, token=token).json
    assert (told["tenant_id"], told["subject"]) == (acme, "service:export")
    assert (told["actor_type"], told["roles"]) == ("service_account", ["service-account"])
    assert kit.call("GET", CONFIG, token=token).status == 200
    assert kit.call("GET", CONFIG.replace("team", "other"), token=token).status == 403
    assert kit.call("PUT", CONFIG, {"value": 2}, token=token).status == 403


@pytest.mark.parametrize(("ttl", "seconds"), [({}, 900), ({"ttl": 60}, 60), ({"ttl": 3600}, 3600)])
def test_a_token_ends_when_it_says(kit: Kit, acme: TenantId, ttl: dict[str, int], seconds: int) -> None:
    token = asked(kit, acme, **ttl).json["token"]
    clock: SteppedClock = kit.provide("clock")
    clock.step(seconds)  # the leeway of a minute is not over
    assert kit.call("GET", WHOAMI, token=token).status == 200
    clock.step(62)
    assert kit.call("GET", WHOAMI, token=token).status == 401


@pytest.mark.parametrize("ttl", [0, 59, 3601, -1])
def test_a_token_lives_between_a_minute_and_an_hour(kit: Kit, acme: TenantId, ttl: int) -> None:
    assert asked(kit, acme, ttl=ttl).status == 400


@pytest.mark.parametrize("subject", ["", "user:root", "a b", "service:", "-a", "service:service:a", "a\n"])
def test_a_service_cannot_be_called_like_a_person(kit: Kit, acme: TenantId, subject: str) -> None:
    assert asked(kit, acme, subject=subject).status == 400


def test_what_was_made_for_a_machine_gives_out_no_tokens(kit: Kit, acme: TenantId) -> None:
    token = asked(kit, acme, roles=["tenant-admin"]).json["token"]
    assert kit.call("GET", "/api/v1/api-keys", token=token).status == 200
    body = {"subject": "child", "roles": ["viewer"]}
    assert kit.call("POST", TOKENS, body, token=token).status == 403
    assert kit.call("POST", "/api/v1/api-keys", {"name": "child", "roles": ["viewer"]}, token=token).status == 403


@pytest.mark.parametrize(("by", "given"), [("tenant-admin", "global-admin"), ("operator", "viewer")])
def test_nobody_gives_more_than_they_have(kit: Kit, acme: TenantId, by: str, given: str) -> None:
    assert asked(kit, acme, by, roles=[given]).status == 403


def test_namespaces_that_no_token_can_hold_are_too_large(kit: Kit, acme: TenantId) -> None:
    reply = asked(kit, acme, namespaces=[f"{letter * 400}/*" for letter in "abcdefg"])
    assert (reply.status, reply.json["limit"]) == (413, 2500)


def test_that_it_was_given_is_on_record_and_the_token_is_nowhere(home: EmbeddedKit) -> None:
    acme = home.tenant("acme")
    token = asked(home, acme).json["token"]
    (told,) = [entry for entry in home.accesses() if entry.event_type == "service_token.given"]
    assert (told.tenant, told.metadata["subject"], told.metadata["roles"]) == (
        acme,
        "service:export",
        ["service-account"],
    )
    assert told.metadata["jti"]
    kept = "".join(
        json.dumps(row) for what in ("store", "journal", "events") for row in dump(home.family.directory, what)
    )
    assert token not in kept
    assert token.rpartition(".")[2] not in kept


def test_a_deployment_without_an_issuer_of_its_own_gives_out_none(tmp_path: Path) -> None:
    with on_aws(tmp_path) as kit:
        kit.factories["token_signer"] = lambda: KmsTokenSigner(kit.account.client("kms"), "", "")
        reply = asked(kit, kit.tenant("acme"))
        assert (reply.status, reply.json["kind"]) == (503, "unavailable")
