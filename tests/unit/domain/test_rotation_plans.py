"""What a rotation is planned to do, by whom it is begun, and what evidence says."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from llm_config_domain import times
from llm_config_domain.errors import Conflict, NotFound, ValueRefused
from llm_config_domain.rotation import agenda
from llm_config_domain.rotation.beginnings import Beginning
from llm_config_domain.rotation.entries import Rotation, Step
from llm_config_domain.rotation.evidence import Evidence, Usage
from llm_config_domain.rotation.interventions import Aborted
from llm_config_domain.rotation.plan import GRACE_SECONDS, Cause, Missing, Plan, Strategy, Wishes, plan
from llm_config_domain.rotation.settings import RotationSettings, SettingsDraft
from llm_config_domain.secrets.entries import SecretHead, SecretType
from tests.support.rotating import NAME, ROTATION_ID, START, Bench, metadata, used

PAST = (Step.CREATE, Step.TEST, Step.NOTIFY, Step.ACKNOWLEDGE, Step.PROMOTE, Step.GRACE, Step.RETIRE)


@pytest.mark.parametrize(
    ("secret_type", "grace"),
    [(SecretType.API_KEY, 7 * 86400), (SecretType.DATABASE_CREDENTIALS, 86400), (SecretType.CERTIFICATE, 7200),
     (SecretType.OAUTH_TOKEN, 300), (SecretType.GENERIC, 7 * 86400)],
)  # fmt: skip
def test_the_grace_is_the_types(secret_type: SecretType, grace: int) -> None:
    found = plan(Cause.MANUAL, secret_type, Wishes())
    assert (found.grace_seconds, found.notice_seconds, found.acknowledgement_seconds) == (grace, 900, 300)
    assert found.quiet_seconds == min(grace, 86400)
    assert len(found.checkpoints) == 3 and found.checkpoints[-1] == grace


@pytest.mark.parametrize("said", [{"cause": Cause.COMPROMISED}, {"strategy": Strategy.IMMEDIATE}])
def test_what_is_urgent_waits_for_nobody(said: dict[str, Any]) -> None:
    wishes = Wishes(strategy=said.get("strategy"), missing_acknowledgement=Missing.HOLD)
    found = plan(said.get("cause", Cause.MANUAL), SecretType.API_KEY, wishes)
    assert (found.notice, found.grace_seconds, found.quiet_seconds) == (0, 0, 0)
    assert (found.strategy, found.missing_acknowledgement) == (Strategy.IMMEDIATE, Missing.PROCEED)
    assert GRACE_SECONDS.keys() <= set(SecretType)


def test_a_wish_that_was_said_stands() -> None:
    first, usual = Wishes(grace_seconds=5, strategy=Strategy.CANARY), Wishes(grace_seconds=9, notice_seconds=0)
    found = plan(Cause.MANUAL, SecretType.API_KEY, first.over(usual))
    assert (found.grace_seconds, found.notice_seconds, found.strategy) == (5, 0, Strategy.CANARY)
    assert plan(Cause.COMPROMISED, SecretType.API_KEY, first).checkpoints == (5,)
    wishes = replace(first, missing_acknowledgement=Missing.HOLD)
    assert Wishes.from_record(json.loads(json.dumps(wishes.to_record()))) == wishes


def test_a_rotation_survives_its_record() -> None:
    for step in PAST:
        rotation = Bench().begin(strategy=Strategy.CANARY, grace_seconds=60).reach(step, _canary()).rotation
        assert Rotation.from_record(json.loads(json.dumps(rotation.to_record()))) == rotation
    found = Bench().begin().reach(Step.TEST)
    found.apply(Aborted())
    assert Rotation.from_record(json.loads(json.dumps(found.rotation.to_record()))) == found.rotation
    assert Plan.from_record(found.rotation.plan.to_record()) == found.rotation.plan


def _canary() -> Evidence:
    return Evidence(old=(used("a"),), new=(used("a", "new-id"),))


@pytest.mark.parametrize(
    ("old", "new", "fails"),
    [((20, 0), (20, 1), False), ((20, 0), (100, 6), True), ((20, 2), (100, 14), False), ((20, 2), (100, 16), True),
     ((0, 0), (9, 9), False), ((0, 0), (10, 10), True), ((5, 0), (10, 99), True)],
)  # fmt: skip
def test_a_rise_of_more_than_five_points_over_enough_uses_is_a_failure(
    old: tuple[int, int], new: tuple[int, int], fails: bool
) -> None:
    evidence = Evidence(old=(used("a", "old-id", *old),), new=(used("a", "new-id", *new),))
    assert evidence.fails is fails


def test_a_report_without_a_use_is_no_use() -> None:
    heard = Usage(service="a", version_id="v").plus(0, 0, "2026-01-01T00:00:00.000Z")
    assert Evidence(old=(heard,)).last_used is None
    assert Usage.from_record(heard.to_record()) == heard


def test_one_rotation_at_a_time_of_a_secret_in_use() -> None:
    beginning = Beginning(rotation_id=ROTATION_ID, name=NAME, cause=Cause.MANUAL, requested_by="x", wishes=Wishes())
    bench = Bench().begin()
    with pytest.raises(Conflict):
        beginning.check(bench.head, runs=True)
    beginning.check(bench.head, runs=False)
    for head in (SecretHead(1, 1, 1, deleted=True), SecretHead(1, None, 1)):
        with pytest.raises(NotFound):
            beginning.check(head, runs=False)


@pytest.mark.parametrize("secret_type", list(SecretType))
def test_what_is_valid_elsewhere_is_not_replaced_by_what_nobody_there_knows(secret_type: SecretType) -> None:
    said = SettingsDraft(target={"kind": "webhook"}).over(NAME, None, times.rfc3339(START))
    assert Bench(settings=said).begin(secret_type=secret_type, requires_target=True).rotation.runs
    if secret_type.value in ("api_key", "database_credentials", "oauth_token", "cloud_credentials"):
        with pytest.raises(ValueRefused) as refused:
            Bench().begin(secret_type=secret_type, requires_target=True)
        assert [violation.rule for violation in refused.value.violations] == ["known"]
    else:
        assert Bench().begin(secret_type=secret_type, requires_target=True).rotation.runs


def test_what_is_compromised_waits_for_nothing_that_was_said_for_other_days() -> None:
    said = SettingsDraft(wishes=Wishes(grace_seconds=86400, notice_seconds=900, quiet_seconds=3600))
    settings = said.over(NAME, None, times.rfc3339(START))
    plan = Bench(settings=settings).begin(Cause.COMPROMISED).rotation.plan
    assert (plan.notice_seconds, plan.grace_seconds, plan.quiet_seconds) == (0, 0, 0)
    assert Bench(settings=settings).begin(Cause.COMPROMISED, grace_seconds=5).rotation.plan.grace_seconds == 5
    assert Bench(settings=settings).begin(Cause.MANUAL).rotation.plan.grace_seconds == 86400


def test_an_end_reckons_the_next_rotation() -> None:
    settings = SettingsDraft(schedule="90d", target={"kind": "webhook"}, wishes=Wishes(grace_seconds=0)).over(
        NAME, None, times.rfc3339(START)
    )
    bench = Bench(settings=settings).begin(notice_seconds=0)
    assert (bench.rotation.target, bench.rotation.plan.grace_seconds) == ({"kind": "webhook"}, 0)
    assert bench.rotation.turn.target == {"kind": "webhook"}
    bench.moment += timedelta(days=1)
    bench.reach(Step.DONE)
    assert bench.rotation.next_rotation_at == times.rfc3339(START + timedelta(days=91))
    assert bench.settings is not None and bench.settings.version == 2


def test_a_schedule_that_moved_on_begins_nothing() -> None:
    settings = SettingsDraft(schedule="1d").over(NAME, None, times.rfc3339(START))
    bench = Bench(settings=settings).begin()
    about: dict[str, Any] = {"rotation_id": ROTATION_ID, "name": NAME, "requested_by": "x", "wishes": Wishes()}
    due = Beginning(cause=Cause.SCHEDULED, due=settings.next_at, **about)
    current = metadata(bench.head.current or 0)
    begun = due.after(bench.head, current, settings, at=bench.at)
    assert begun.settings is not None and begun.settings.version == 2
    late = Beginning(cause=Cause.SCHEDULED, due="2020-01-01T00:00:00.000Z", **about)
    with pytest.raises(Conflict):
        late.after(bench.head, current, settings, at=bench.at)
    with pytest.raises(Conflict):
        due.after(bench.head, current, None, at=bench.at)


def test_settings_keep_what_a_change_leaves_out() -> None:
    at = times.rfc3339(START)
    first = SettingsDraft(schedule="0 3 * * *", timezone="Europe/Zurich", target={"kind": "x"}).over(NAME, None, at)
    assert first.next_at == "2026-01-03T02:00:00.000Z"
    off = SettingsDraft(enabled=False, wishes=Wishes(quiet_seconds=1)).over(NAME, first, at)
    assert (off.next_at, off.schedule, off.target, off.timezone) == (None, first.schedule, first.target, first.timezone)
    none = SettingsDraft(drops_schedule=True, enabled=True).over(NAME, off, at)
    assert (none.schedule, none.next_at, none.wishes, none.version) == (None, None, Wishes(quiet_seconds=1), 3)
    assert RotationSettings.from_record(NAME, json.loads(json.dumps(none.to_record()))) == none


def test_a_schedule_whose_last_time_has_passed_has_no_next_one() -> None:
    settings = SettingsDraft(schedule="cron(0 0 1 2 ? 2026)").over(NAME, None, times.rfc3339(START))
    assert settings.next_at == "2026-02-01T00:00:00.000Z"
    assert settings.following("2026-02-01T00:00:00.000Z").next_at is None


def test_what_waits_for_its_time_says_whose_it_is_and_when() -> None:
    bench = Bench(settings=SettingsDraft(schedule="1d").over(NAME, None, times.rfc3339(START))).begin()
    assert bench.settings is not None
    rotation, schedule = agenda.of_rotation(bench.rotation), agenda.of_settings(bench.settings)
    assert rotation is not None and schedule is not None
    assert (rotation.rotation_id, rotation.attempt, rotation.at) == (ROTATION_ID, 1, "2026-01-02T03:06:05.000Z")
    assert (schedule.path, schedule.at) == ("keys/main", "2026-01-03T03:04:05.000Z")
    assert agenda.Due(**schedule.to_record()) == schedule
    assert agenda.of_rotation(bench.reach(Step.DONE).rotation) is None
    assert agenda.of_settings(RotationSettings(name=NAME)) is None
