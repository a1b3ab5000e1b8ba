"""Events: each change is one CloudEvent, made of its journal entry alone."""

from dataclasses import replace
from typing import Any

import pytest

from llm_config_contract.events import CloudEvent
from llm_config_domain.events import cloud_event
from llm_config_domain.journal import CHANGED, Actor, JournalEntry, Result, committed
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.versions import ChangeType

ENTRY = JournalEntry(
    id="01M7XB2D1CBHJA1ZDVA9APXYHP",
    at="2026-01-02T03:04:05.678Z",
    tenant=TenantId("01M7XB2CPDX901Z538HPJ3CH8B"),
    event_type="config.write",
    severity="info",
    actor=Actor("user:a", "user", ("operator",)),
    action="configs:write",
    resource=Resource("configs", "llm-gateway/routing/primary-model", "production"),
    result=Result("success"),
    request_id="r",
)


def event_of(entry: JournalEntry) -> dict[str, Any]:
    event = cloud_event(entry)
    assert event is not None
    CloudEvent.model_validate(event)
    return event


def test_a_change_is_one_event_with_everything_that_a_consumer_compares() -> None:
    told = committed(ENTRY, ChangeType.UPDATE, at="2026-01-02T03:04:06.000Z", version=7, revision=41)
    event = event_of(told)
    assert event == {
        "specversion": "1.0",
        "id": ENTRY.id,
        "source": "llm-config-manager",
        "type": "com.llm.config.updated",
        "subject": "tenant/01M7XB2CPDX901Z538HPJ3CH8B/config/llm-gateway/routing/primary-model",
        "time": "2026-01-02T03:04:06.000Z",
        "datacontenttype": "application/json",
        "data": {
            "tenant_id": ENTRY.tenant,
            "namespace": "llm-gateway/routing",
            "key": "primary-model",
            "environment": "production",
            "version": 7,
            "previous_version": 6,
            "revision": 41,
            "change_type": "update",
        },
    }


def test_the_first_version_has_no_previous_one() -> None:
    told = committed(ENTRY, ChangeType.CREATE, at=ENTRY.at, version=1, revision=1)
    event = event_of(told)
    assert (event["type"], event["data"]["previous_version"]) == ("com.llm.config.created", None)


@pytest.mark.parametrize(("what", "event_type"), CHANGED.items(), ids=lambda part: str(part))
def test_every_kind_of_change_is_published(what: tuple[str, ChangeType], event_type: str) -> None:
    kind, change_type = what
    entry = replace(ENTRY, resource=replace(ENTRY.resource, type=kind))
    told = committed(entry, change_type, at=ENTRY.at, version=1, revision=1)
    assert event_of(told)["type"] == f"com.llm.{event_type}"


def test_a_denial_is_published_with_who_and_what() -> None:
    denied = replace(ENTRY, event_type="access.denied").with_metadata(reason="no rule")
    assert event_of(denied)["data"]["actor"] == "user:a"
    assert event_of(denied)["type"] == "com.llm.access.denied"


@pytest.mark.parametrize(
    "event_type", ["config.read", "secret.accessed", "authentication.failed", "audit.gap", "config.write"]
)
def test_what_changed_nothing_is_not_published(event_type: str) -> None:
    assert cloud_event(replace(ENTRY, event_type=event_type)) is None


def test_a_denial_of_something_else_is_about_it_by_its_own_word() -> None:
    denied = replace(ENTRY, event_type="access.denied", resource=Resource("access", "whoami"))
    assert event_of(denied)["subject"] == f"tenant/{ENTRY.tenant}/access/whoami"


def test_an_event_of_a_namespace_names_it_whole_and_has_no_key() -> None:
    about = replace(ENTRY, resource=Resource("namespaces", "team/a", None))
    data = event_of(committed(about, ChangeType.CREATE, at=ENTRY.at, version=1, revision=1))["data"]
    assert (data["namespace"], data["key"]) == ("team/a", "")


def test_a_namespaces_event_is_about_the_namespace_and_no_key() -> None:
    about = replace(ENTRY, resource=Resource("namespaces", "llm-gateway/routing"), event_type="namespace.write")
    told = committed(about, ChangeType.UPDATE, at="2026-01-02T03:04:06.000Z", version=7, revision=41)
    data = event_of(told)["data"]
    assert (data["namespace"], data["key"], data["environment"]) == ("llm-gateway/routing", "", None)
