"""What a rotation says of itself: to its engine, to the other secrets that it uses, and in the record of each change."""

from dataclasses import replace
from typing import Any

import pytest

from llm_config_domain.errors import Malformed
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.policy import Resource
from llm_config_domain.rotation.entries import Step
from llm_config_domain.rotation.named_secrets import accessed, paths_in
from llm_config_domain.rotation.runs import input_of, name_of
from llm_config_domain.rotation.settings import SettingsDraft
from llm_config_domain.secrets.entries import SecretHead
from llm_config_domain.secrets.values import Sealed
from tests.support.entries import numbered
from tests.support.rotating import NAME, ROTATION_ID, Bench, metadata

AT = "2026-01-02T03:04:05.001Z"


def entry() -> JournalEntry:
    return numbered(NAME.tenant, 1, metadata={"reason": "asked"}, resource=Resource("rotations", ROTATION_ID))


def test_a_run_is_called_by_its_rotation_and_attempt_and_carries_ids_alone() -> None:
    rotation = replace(Bench().begin().rotation, attempt=3, not_before=AT)
    assert name_of(rotation) == f"{ROTATION_ID}-3"
    assert input_of(rotation) == {
        "tenant": NAME.tenant,
        "rotation_id": ROTATION_ID,
        "attempt": 3,
        "next": "create",
        "not_before": "2026-01-02T03:04:06Z",
    }


@pytest.mark.parametrize(
    ("target", "named"),
    [
        pytest.param({}, (), id="none"),
        pytest.param({"kind": "generic", "url": "keys/other"}, (), id="other options name nothing"),
        pytest.param({"admin": "keys/admin", "pool": "keys/pool"}, ("keys/admin", "keys/pool"), id="two"),
        pytest.param(
            {"webhook": "keys/a", "admin": "keys/a", "authority": "ca/root"}, ("keys/a", "ca/root"), id="once"
        ),
    ],
)
def test_a_target_names_other_secrets_by_four_options(target: dict[str, Any], named: tuple[str, ...]) -> None:
    assert paths_in(target) == named


@pytest.mark.parametrize("path", [1, None, ["keys/a"], {"path": "keys/a"}])
def test_an_option_that_is_no_text_is_refused_by_its_name(path: Any) -> None:
    with pytest.raises(Malformed, match="the option `authority` of a rotation's target is the path of a secret"):
        paths_in({"authority": path})


def test_an_option_that_is_no_path_is_refused() -> None:
    with pytest.raises(Malformed):
        paths_in({"admin": "no path/../at all"})


def test_the_use_of_another_secret_is_the_products_own_access() -> None:
    assert accessed(NAME, 4, ROTATION_ID, entry_id="id-1", at=AT) == JournalEntry(
        id="id-1",
        at=AT,
        tenant=NAME.tenant,
        event_type="secret.accessed",
        severity="info",
        actor=Actor("system:rotation", "system", ()),
        action="secrets:read",
        resource=Resource("secrets", "keys/main", "production"),
        result=Result("success"),
        request_id=ROTATION_ID,
        metadata={"version": 4, "through": f"rotations/{ROTATION_ID}"},
    )


def test_the_record_of_a_schedule_says_when_it_rotates_and_of_the_secret_nothing() -> None:
    settings = SettingsDraft(schedule="90d").over(NAME, None, AT)
    told = settings.told(entry(), at=AT, revision=7)
    assert (told.at, told.event_type, told.resource) == (AT, "rotation.scheduled", entry().resource)
    assert told.metadata == {
        "reason": "asked",
        "revision": 7,
        "version": 1,
        "change_type": "schedule",
        "schedule": settings.schedule,
        "enabled": True,
        "next_rotation_at": settings.next_at,
    }
    assert settings.next_at is not None and settings.shown_by(SecretHead(1, 1, 1)).next_rotation_at == settings.next_at


def test_what_a_rotation_adds_is_the_next_version_of_its_secret() -> None:
    bench = Bench().begin()
    change = bench.take()
    assert change is not None and change.addition is not None
    shown, head = metadata(1), SecretHead(newest=1, current=1, shown=1)
    added = change.added(change.addition, head, shown, Sealed(b"sealed"), at=AT, revision=9)
    assert (added.name, added.version, added.revision, added.version_id) == (NAME, 2, 9, "new-id")
    assert (added.updated_at, added.id) == (AT, shown.id)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        pytest.param(Step.CREATE, ("rotation.advanced", "info", "update", 2, None, "created"), id="a version is added"),
        pytest.param(Step.TEST, ("rotation.advanced", "info", "rotate", 2, None, "passed"), id="nothing of it changes"),
        pytest.param(
            Step.NOTIFY, ("secret.rotation_pending", "info", "rotate", 2, 1, "notified"), id="it is announced"
        ),
        pytest.param(Step.PROMOTE, ("secret.rotated", "info", "activate", 2, 1, "promoted"), id="it comes into use"),
        pytest.param(Step.GRACE, ("secret.revoked", "info", "revoke", 1, 1, "revoked"), id="the old one goes"),
        pytest.param(Step.RETIRE, ("rotation.completed", "info", "rotate", 2, None, "retired"), id="it is over"),
    ],
)
def test_each_step_is_recorded_as_a_change_of_the_secret(step: Step, told: tuple[Any, ...]) -> None:
    bench = Bench().begin(grace_seconds=0, notice_seconds=0).reach(step)
    change = bench.take()
    assert change is not None
    record = change.told(entry(), at=AT, revision=3)
    said = record.metadata
    figures = (said["change_type"], said["version"], said["previous_version"], said["outcome"])
    assert (record.event_type, record.severity, *figures) == told
    assert (record.at, record.resource) == (AT, Resource("secrets", "keys/main", "production"))
    assert (said["rotation_id"], said["step"], said["cause"]) == (ROTATION_ID, step.value, "manual")
    assert (said["revision"], said["status"]) == (3, "completed" if step is Step.RETIRE else "running")
    assert said["reason"] == "asked" and said["evidence"] == dict(change.rotation.steps[-1].evidence)


def test_without_a_reason_of_the_request_the_rotations_own_is_told() -> None:
    bench = Bench().begin()
    bench.rotation = replace(bench.rotation, reason="leaked")
    change = bench.take()
    assert change is not None
    assert change.told(numbered(NAME.tenant, 1, metadata={}), at=AT, revision=3).metadata["reason"] == "leaked"
