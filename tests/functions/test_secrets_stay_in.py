"""A secret leaves by its one authorised answer, on record, and by nothing else."""

import pytest

from llm_config_domain.errors import Unavailable
from llm_config_domain.journal import JournalEntry
from tests.support.homes import EmbeddedKit

CANARY = "sk-canary-5a1e"
SECRET = "/api/v1/secrets/keys/openai?environment=production"


@pytest.fixture
def operator(home: EmbeddedKit) -> str:
    token = home.token(home.tenant("acme"), "operator")
    assert home.call("PUT", SECRET, {"type": "api_key", "value": CANARY}, token=token).status == 201
    return token


class BrokenJournal:
    def append(self, entries: list[JournalEntry]) -> None:
        raise Unavailable("the journal is down")


def test_no_secret_leaves_when_its_read_cannot_be_recorded(home: EmbeddedKit, operator: str) -> None:
    value = {"key": {"$secret": "keys/openai"}}
    home.call("PUT", "/api/v1/configs/app/model?environment=production", {"value": value}, token=operator)
    home.factories["journal"] = BrokenJournal
    home.forget()
    for url in (SECRET, "/api/v1/resolved/app/model?environment=production&secrets=reveal"):
        reply = home.call("GET", url, token=operator)
        assert (reply.status, CANARY in reply.text) == (503, False)
    unrevealed = home.call("GET", "/api/v1/resolved/app/model?environment=production", token=operator)
    assert unrevealed.json["value"] == value


def test_each_secret_of_a_resolve_is_on_record_by_itself(home: EmbeddedKit, operator: str) -> None:
    other = "/api/v1/secrets/keys/anthropic?environment=production"
    home.call("PUT", other, {"type": "api_key", "value": "other"}, token=operator)
    value = {"a": {"$secret": "keys/openai"}, "b": {"$secret": "keys/openai"}, "c": {"$secret": "keys/anthropic@1"}}
    home.call("PUT", "/api/v1/configs/app/model?environment=production", {"value": value}, token=operator)
    reply = home.call("GET", "/api/v1/resolved/app/model?environment=production&secrets=reveal", token=operator)
    assert reply.json["value"] == {"a": CANARY, "b": CANARY, "c": "other"}
    recorded = [entry for entry in home.accesses() if entry.event_type == "secret.accessed"]
    assert sorted(entry.resource.id for entry in recorded) == ["keys/anthropic", "keys/openai"]
    assert {entry.metadata["through"] for entry in recorded} == {"app/model"}


def test_a_reference_stays_for_a_caller_who_may_not_read_the_secret(home: EmbeddedKit, operator: str) -> None:
    value = {"key": {"$secret": "keys/openai"}}
    url = "/api/v1/configs/app/model?environment=production"
    home.call("PUT", url, {"value": value}, token=operator)
    tenant = home.provide("tenant_reader").by_name("acme").id
    viewer = home.token(tenant, "viewer")
    reply = home.call("GET", "/api/v1/resolved/app/model?environment=production&secrets=reveal", token=viewer)
    assert (reply.status, reply.json["value"]) == (200, value)
    assert home.call("GET", SECRET, token=viewer).status == 403


def test_a_secret_is_never_taken_from_another_environment(home: EmbeddedKit, operator: str) -> None:
    value = {"key": {"$secret": "keys/openai"}}
    home.call("PUT", "/api/v1/configs/app/model?environment=global", {"value": value}, token=operator)
    reply = home.call("GET", "/api/v1/resolved/app/model?environment=staging&secrets=reveal", token=operator)
    assert (reply.status, reply.json["kind"]) == (422, "value_refused")
    assert [violation["path"] for violation in reply.json["violations"]] == ["/key"]
    assert CANARY not in reply.text


def test_a_304_of_a_secret_is_recorded_as_a_read(home: EmbeddedKit, operator: str) -> None:
    before = len(home.accesses())
    reply = home.call("GET", SECRET, token=operator, headers={"if-none-match": '"1"'})
    assert (reply.status, reply.text, reply.headers["Cache-Control"]) == (304, "", "no-store")
    assert len(home.accesses()) == before + 1


def test_an_older_version_is_read_by_its_number_and_says_that_it_is_previous(home: EmbeddedKit, operator: str) -> None:
    home.call("PUT", SECRET, {"type": "api_key", "value": "newer"}, token=operator)
    older = home.call("GET", f"{SECRET}&version=1", token=operator).json
    newer = home.call("GET", SECRET, token=operator).json
    assert (older["value"], older["stage"], newer["value"], newer["stage"]) == (CANARY, "previous", "newer", "current")


def test_neither_store_nor_journal_holds_the_secret_in_the_clear(home: EmbeddedKit, operator: str) -> None:
    home.call("GET", SECRET, token=operator)
    held = b"".join(path.read_bytes() for path in home.family.directory.iterdir())
    assert CANARY.encode() not in held
    assert b"keys" in held  # the positive control: names are there to be found


def test_a_denial_is_on_record_before_it_is_told(home: EmbeddedKit, operator: str) -> None:
    tenant = home.provide("tenant_reader").by_name("acme").id
    viewer = home.token(tenant, "viewer")
    assert home.call("PUT", SECRET, {"type": "generic", "value": 1}, token=viewer).status == 403
    (denied,) = [entry for entry in home.accesses() if entry.event_type == "access.denied"]
    assert (denied.tenant, denied.action, denied.result.status) == (tenant, "secrets:write", "denied")
    home.factories["journal"] = BrokenJournal
    home.forget()
    assert home.call("PUT", SECRET, {"type": "generic", "value": 1}, token=viewer).status == 503


def test_an_outsider_learns_nothing_from_a_name(home: EmbeddedKit, operator: str) -> None:
    """403 is decided before the store is asked: the same for what is there and for what is not."""
    tenant = home.provide("tenant_reader").by_name("acme").id
    viewer = home.token(tenant, "viewer")
    there, absent = (
        home.call("GET", f"/api/v1/secrets/keys/{key}?environment=production", token=viewer)
        for key in ("openai", "nothing")
    )
    assert (there.status, there.text, there.headers) == (absent.status, absent.text, absent.headers)


def test_another_tenant_sees_exactly_what_an_absent_name_shows(home: EmbeddedKit, operator: str) -> None:
    twin = home.token(home.tenant("acme-corp"), "tenant-admin")
    foreign = home.call("GET", SECRET, token=twin)
    absent = home.call("GET", "/api/v1/secrets/keys/nothing?environment=production", token=twin)
    assert (foreign.status, foreign.text, foreign.headers) == (absent.status, absent.text, absent.headers)
    assert foreign.status == 404
    acme = home.provide("tenant_reader").by_name("acme").id
    answers = {
        home.call("GET", f"/api/v1/tenants/{who}", token=twin).text for who in ("acme", acme, "nobody", "0" * 26)
    }
    assert len(answers) == 1
