"""What is seen of a framework's controls: facts in, findings out, and nothing called fulfilled that nobody saw."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from llm_config_domain import times
from llm_config_domain.api_keys import ApiKey
from llm_config_domain.audit.entries import Leaf, text_of
from llm_config_domain.compliance.checks import ENTRIES_SHOWN, SHOWN, Facts, looked
from llm_config_domain.compliance.controls import Check, Control, Evidence, Found, Status, counted, finding, worst
from llm_config_domain.compliance.frameworks import FRAMEWORKS
from llm_config_domain.journal import Actor, Result
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.entries import SecretMetadata, SecretType, Stage
from llm_config_domain.versions import ChangeType
from tests.support.entries import numbered

ACME = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
NOW = datetime(2026, 11, 21, tzinfo=UTC)
PCI, SOC = FRAMEWORKS["pci-dss"], FRAMEWORKS["soc2"]
PASS, FAIL, NOT_ASSESSED = Status.PASS, Status.FAIL, Status.NOT_ASSESSED


def leaf(number: int, **told: Any) -> Leaf:
    return Leaf(number, text_of(numbered(ACME, number, **told)))


def secret(days: int, **told: Any) -> SecretMetadata:
    at = times.rfc3339(NOW - timedelta(days=days))
    usual: dict[str, Any] = {
        "id": "s", "name": Name(ACME, "keys", "main", "production"), "version": 2, "revision": 3, "etag": "e", "created_at": at,
        "created_by": "user:ana", "updated_at": at, "updated_by": "user:ana", "reason": "", "classification": "internal",
        "tags": {}, "change_type": ChangeType.UPDATE, "version_id": "v", "type": SecretType.API_KEY, "stage": Stage.CURRENT,
    }  # fmt: skip
    fields = SecretMetadata.__dataclass_fields__
    return SecretMetadata(**{name: value for name, value in (usual | told).items() if name in fields})


def key(days: int | None, number: int = 1) -> ApiKey:
    ends = None if days is None else times.rfc3339(NOW + timedelta(days=days))
    return ApiKey(
        id=f"key-{number}", tenant=ACME, name="k", roles=("viewer",), namespaces=None, cidr=(), expires_at=ends,
        created_at=times.rfc3339(NOW), created_by="user:ana",
    )  # fmt: skip


def facts(**told: Any) -> Facts:
    usual: dict[str, Any] = {"now": NOW, "leaves": (), "checked": 0, "wrong": None, "tree_size": 0, "secrets": (),
                             "api_keys": (), "complete": True}  # fmt: skip
    return Facts(**(usual | told))


DENIED = leaf(1, event_type="access.denied", result=Result("denied"))
READ = leaf(2, event_type="secret.accessed")
CHANGE = leaf(3)
NOBODY = leaf(4, actor=Actor("nobody", "anonymous", ()))
SILENT = leaf(5, metadata={"version": 1, "reason": ""})


@pytest.mark.parametrize(
    ("check", "seen", "status"),
    [
        pytest.param(Check.INTEGRITY, facts(checked=5, tree_size=5), PASS, id="a tree that verifies"),
        pytest.param(Check.INTEGRITY, facts(checked=5, wrong="forked"), FAIL, id="one that does not"),
        pytest.param(Check.INTEGRITY, facts(), NOT_ASSESSED, id="a time without entries"),
        pytest.param(Check.RECORDING, facts(leaves=[READ]), PASS, id="a read on record"),
        pytest.param(Check.RECORDING, facts(leaves=[CHANGE]), PASS, id="a change on record"),
        pytest.param(Check.RECORDING, facts(leaves=[DENIED]), NOT_ASSESSED, id="neither"),
        pytest.param(Check.REFUSALS, facts(leaves=[DENIED]), PASS, id="a refusal on record"),
        pytest.param(Check.REFUSALS, facts(leaves=[leaf(1, event_type="authentication.failed")]), PASS, id="a log-in"),
        pytest.param(Check.REFUSALS, facts(leaves=[CHANGE]), NOT_ASSESSED, id="no refusal"),
        pytest.param(Check.ATTRIBUTION, facts(leaves=[CHANGE]), PASS, id="a change with its maker"),
        pytest.param(Check.ATTRIBUTION, facts(leaves=[CHANGE, NOBODY]), FAIL, id="one without"),
        pytest.param(Check.ATTRIBUTION, facts(leaves=[READ]), NOT_ASSESSED, id="no change to attribute"),
        pytest.param(
            Check.ATTRIBUTION, facts(leaves=[leaf(1, result=Result("failure"))]), NOT_ASSESSED, id="a failed one"
        ),
        pytest.param(Check.REASONS, facts(leaves=[CHANGE]), PASS, id="a change with its reason"),
        pytest.param(Check.REASONS, facts(leaves=[SILENT]), FAIL, id="one without a reason"),
        pytest.param(Check.REASONS, facts(leaves=[leaf(1, event_type="tenant.created")]), NOT_ASSESSED, id="no config"),
        pytest.param(Check.ROTATION, facts(secrets=[secret(90)]), PASS, id="a secret at its last day"),
        pytest.param(Check.ROTATION, facts(secrets=[secret(91)]), FAIL, id="one that is older"),
        pytest.param(Check.ROTATION, facts(), NOT_ASSESSED, id="no secret"),
        pytest.param(
            Check.ROTATION, facts(secrets=[secret(1)], complete=False), NOT_ASSESSED, id="too many to look at"
        ),
        pytest.param(Check.EXPIRY, facts(secrets=[secret(1)]), PASS, id="a secret without an end"),
        pytest.param(Check.EXPIRY, facts(secrets=[secret(1, expires_at="2026-11-21T00:00:00.001Z")]), PASS, id="later"),
        pytest.param(Check.EXPIRY, facts(secrets=[secret(1, expires_at="2026-11-21T00:00:00.000Z")]), FAIL, id="now"),
        pytest.param(Check.KEY_LIFETIMES, facts(api_keys=[key(365)]), PASS, id="a key that ends in a year"),
        pytest.param(Check.KEY_LIFETIMES, facts(api_keys=[key(366)]), FAIL, id="one that ends later"),
        pytest.param(Check.KEY_LIFETIMES, facts(api_keys=[key(1), key(None)]), FAIL, id="one that never ends"),
        pytest.param(Check.KEY_LIFETIMES, facts(api_keys=[key(1)], complete=False), NOT_ASSESSED, id="too many keys"),
        pytest.param(Check.KEY_LIFETIMES, facts(), NOT_ASSESSED, id="no key"),
        pytest.param(Check.SEALING, facts(secrets=[secret(1)]), PASS, id="a secret that is stored"),
        pytest.param(Check.SEALING, facts(), NOT_ASSESSED, id="none"),
    ],
)
def test_a_check_says_what_the_facts_show(check: Check, seen: Facts, status: Status) -> None:
    found = looked(seen, PCI)[check]
    assert found.status is status and found.reason
    assert bool(found.action) == (status is not PASS)


def test_how_old_a_secret_may_be_is_the_frameworks() -> None:
    seen = facts(secrets=[secret(100)])
    assert (looked(seen, PCI)[Check.ROTATION].status, looked(seen, SOC)[Check.ROTATION].status) == (FAIL, PASS)


def test_entries_are_named_with_their_place_and_no_more_than_a_few() -> None:
    found = looked(facts(leaves=[leaf(number) for number in range(9)]), SOC)[Check.ATTRIBUTION]
    assert [one.leaf for one in found.evidence] == list(range(ENTRIES_SHOWN)) and "9 changes" in found.reason
    assert found.evidence[0].reference == numbered(ACME, 0).id and "user:ana" in found.evidence[0].summary
    old = looked(facts(secrets=[secret(999)] * 30, api_keys=[key(None, number) for number in range(30)]), SOC)
    assert len(old[Check.ROTATION].evidence) == len(old[Check.KEY_LIFETIMES].evidence) == SHOWN
    assert old[Check.ROTATION].evidence[0].reference == "keys/main (production)"
    assert "never" in old[Check.KEY_LIFETIMES].evidence[0].summary


def test_a_control_fails_with_one_check_and_passes_with_all() -> None:
    control = Control("1", "both", (Check.ROTATION, Check.EXPIRY))
    one, other = Found(PASS, "fine", evidence=(Evidence("count", "a", "b"),)), Found(FAIL, "not fine", "do it")
    failed = finding(control, {Check.ROTATION: one, Check.EXPIRY: other})
    assert (failed.status, failed.reason, failed.action, failed.evidence) == (FAIL, "not fine", "do it", one.evidence)
    unsure = finding(control, {Check.ROTATION: one, Check.EXPIRY: replace(other, status=NOT_ASSESSED)})
    assert unsure.status is NOT_ASSESSED
    passed = finding(control, {Check.ROTATION: one, Check.EXPIRY: one})
    assert (passed.status, passed.reason, passed.action, len(passed.evidence)) == (PASS, "fine", "", 1)


def test_what_no_check_looks_at_is_for_people() -> None:
    found = finding(Control("1", "walls", action="look at them"), {})
    assert (found.status, found.reason, found.action) == (NOT_ASSESSED, "not assessed by software", "look at them")
    assert counted([found]) == {"pass": 0, "fail": 0, "not_assessed": 1}


def test_nothing_passes_by_being_empty() -> None:
    assert worst([]) is NOT_ASSESSED
    assert worst([PASS, NOT_ASSESSED]) is NOT_ASSESSED
    assert worst([PASS, NOT_ASSESSED, FAIL]) is FAIL
    assert worst([PASS, PASS]) is PASS


@pytest.mark.parametrize("name", sorted(FRAMEWORKS))
def test_every_control_has_its_clause_once_and_is_looked_at_or_says_who_does(name: str) -> None:
    framework = FRAMEWORKS[name]
    clauses = [control.id for control in framework.controls]
    assert framework.id == name and len(clauses) == len(set(clauses)) >= 10
    for control in framework.controls:
        assert bool(control.checks) != bool(control.action), control.id
        assert re.search(r"\d", control.id) and control.title


def test_every_check_serves_some_control() -> None:
    used = {check for one in FRAMEWORKS.values() for control in one.controls for check in control.checks}
    assert used == set(Check)
