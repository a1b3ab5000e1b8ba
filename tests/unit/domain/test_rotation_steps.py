"""The steps of a rotation, one decision at a time."""

from dataclasses import replace
from datetime import timedelta

import pytest

from llm_config_domain import times
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.policy import Resource
from llm_config_domain.rotation.entries import Status, Step
from llm_config_domain.rotation.evidence import Evidence
from llm_config_domain.rotation.interventions import Acknowledged, Restarted, Resumed, due_at
from llm_config_domain.rotation.plan import Cause, Missing, Strategy
from llm_config_domain.rotation.steps import MAX_EXTENSIONS, Judged, Passed
from llm_config_domain.secrets.entries import Mark
from tests.support.rotating import NAME, ROTATION_ID, START, Bench, used


def _canary() -> Evidence:
    return Evidence(old=(used("a"),), new=(used("a", "new-id"),))


FALLEN = Evidence(old=(used("a"),), new=(used("a", "new-id", 20, 10),))


def steps_of(bench: Bench) -> list[tuple[str, str]]:
    return [(taken.step.value, taken.outcome) for taken in bench.rotation.steps]


def judged_through(bench: Bench, evidence: Evidence) -> None:
    while bench.rotation.runs and bench.rotation.step is Step.GRACE:
        bench.wait()
        bench.take(evidence)


def test_left_alone_it_goes_from_plan_to_retirement() -> None:
    bench = Bench().begin(grace_seconds=12, notice_seconds=4, acknowledgement_seconds=2).reach(Step.DONE)
    names = [name for name, _ in steps_of(bench)]
    assert names == ["plan", "create", "test", "notify", "acknowledge", "promote", *["grace"] * 3, "retire"]
    assert (bench.rotation.status, bench.head.current) == (Status.COMPLETED, 2)
    assert bench.marks == {1: Mark.REVOKED, 2: Mark.LIVE}
    assert [event for event in bench.events if not event.endswith("advanced")] == [
        "rotation.started", "secret.rotation_pending", "secret.rotated", "secret.revoked", "rotation.completed",
    ]  # fmt: skip
    assert (bench.moment - START).total_seconds() == 16


def test_with_zero_everywhere_no_time_passes() -> None:
    bench = Bench().begin(notice_seconds=0, grace_seconds=0).reach(Step.DONE)
    assert (bench.rotation.status, bench.moment) == (Status.COMPLETED, START)


def test_a_step_of_an_earlier_run_too_early_or_of_another_turn_changes_nothing() -> None:
    bench = Bench().begin(notice_seconds=60).reach(Step.ACKNOWLEDGE)
    assert bench.apply(Passed(attempt=1)) is None
    assert bench.take() is None
    bench.wait()
    bench.moment -= timedelta(seconds=2)
    bench.apply(Restarted(attempt=1))
    assert bench.apply(Restarted(attempt=1)) is None
    assert bench.apply(replace(bench.next_step(Evidence()), attempt=1)) is None
    assert bench.take() is not None


@pytest.mark.parametrize(
    ("policy", "status", "step"),
    [
        (Missing.PROCEED, Status.RUNNING, Step.PROMOTE),
        (Missing.HOLD, Status.HELD, Step.PROMOTE),
        (Missing.ABORT, Status.RUNNING, Step.WITHDRAW),
    ],
)
@pytest.mark.parametrize("evidence", [Evidence(), Evidence(old=(used("quiet one"),))], ids=["nobody", "one is missing"])
def test_an_unacknowledged_notice_is_what_its_policy_says(
    policy: Missing, status: Status, step: Step, evidence: Evidence
) -> None:
    bench = Bench().begin(missing_acknowledgement=policy, notice_seconds=60).reach(Step.ACKNOWLEDGE)
    bench.wait()
    bench.take(evidence)
    assert (bench.rotation.status, bench.rotation.step) == (status, step)
    assert bench.head.current == 1


def test_when_all_who_use_it_acknowledge_nobody_is_missing() -> None:
    bench = Bench().begin(missing_acknowledgement=Missing.ABORT).reach(Step.ACKNOWLEDGE)
    assert bench.apply(Acknowledged(service="a")) is not None
    assert bench.apply(Acknowledged(service="a")) is None
    bench.wait()
    bench.take(Evidence(old=(used("a"),)))
    assert (bench.rotation.step, bench.rotation.steps[-1].outcome) == (Step.PROMOTE, "acknowledged")
    assert bench.rotation.not_before == times.rfc3339(START + timedelta(seconds=900))


def test_a_laggard_holds_the_revocation() -> None:
    bench = Bench().begin(grace_seconds=12, quiet_seconds=5).reach(Step.GRACE)
    while bench.rotation.runs:
        bench.wait()
        bench.take(Evidence(old=(used("laggard", at=bench.moment),)))
    assert (bench.rotation.status, bench.rotation.extensions) == (Status.HELD, MAX_EXTENSIONS)
    assert bench.rotation.steps[-1].evidence["users"] == ["laggard"]
    assert bench.marks[1] is Mark.LIVE
    bench.apply(Resumed())
    bench.moment += timedelta(seconds=30)
    judged_through(bench, Evidence(old=(used("laggard"),)))
    assert (bench.rotation.step, bench.marks[1]) == (Step.RETIRE, Mark.REVOKED)


def test_what_the_target_saw_counts_as_use() -> None:
    bench = Bench().begin(grace_seconds=12, quiet_seconds=5).reach(Step.GRACE)
    judged_through(bench, Evidence(target_last_used=times.rfc3339(START + timedelta(seconds=911))))
    outcomes = [outcome for _, outcome in steps_of(bench)]
    assert outcomes.count("extended: the old version is still in use") == 1 and bench.rotation.step is Step.RETIRE


def test_use_before_the_promotion_keeps_nothing_alive() -> None:
    bench = Bench().begin(grace_seconds=0, quiet_seconds=100).reach(Step.GRACE)
    bench.take(Evidence(old=(used("a", at=START),)))
    assert bench.rotation.step is Step.RETIRE


def test_what_is_compromised_goes_whoever_uses_it() -> None:
    bench = Bench().begin(Cause.COMPROMISED).reach(Step.GRACE)
    bench.take(Evidence(old=(used("a", at=bench.moment + timedelta(seconds=9)),), new=FALLEN.new))
    assert (bench.rotation.step, bench.marks[1]) == (Step.RETIRE, Mark.REVOKED)


def test_a_version_that_fails_more_often_is_rolled_back() -> None:
    bench = Bench().begin(grace_seconds=12).reach(Step.GRACE)
    bench.wait()
    bench.take(FALLEN)
    assert (bench.head.current, bench.marks, bench.rotation.step) == (1, {1: Mark.LIVE, 2: Mark.REVOKED}, Step.WITHDRAW)
    assert bench.events[-1] == "secret.rotated"
    bench.take()
    assert (bench.rotation.status, bench.events[-1]) == (Status.ROLLED_BACK, "rotation.rolled_back")


@pytest.mark.parametrize(
    ("evidence", "status", "step"),
    [
        pytest.param(Evidence(), Status.HELD, Step.PROMOTE, id="nobody tried"),
        pytest.param(Evidence(old=tuple(used(f"s{n}") for n in range(20)), new=(used("a", "new-id"),)), Status.HELD,
                     Step.PROMOTE, id="one of twenty"),
        pytest.param(FALLEN, Status.RUNNING, Step.WITHDRAW, id="it failed"),
        pytest.param(_canary(), Status.RUNNING, Step.GRACE, id="it worked"),
    ],
)  # fmt: skip
def test_canaries_decide_before_the_promotion(evidence: Evidence, status: Status, step: Step) -> None:
    bench = Bench().begin(strategy=Strategy.CANARY).reach(Step.PROMOTE)
    bench.wait()
    bench.take(evidence)
    assert (bench.rotation.status, bench.rotation.step) == (status, step)


def test_a_change_is_the_secrets_and_says_what_happened() -> None:
    bench = Bench().begin(grace_seconds=0).reach(Step.GRACE)
    bench.wait()
    change = bench.apply(Judged(attempt=1, evidence=Evidence()))
    actor, asked = Actor("system:rotation", "system", ()), Resource("rotations", ROTATION_ID)
    entry = JournalEntry("id", "", NAME.tenant, "x", "info", actor, "secrets:rotate", asked, Result("success"), "r")
    assert change is not None
    told = change.told(entry, at="now", revision=7)
    assert (told.event_type, told.at, told.resource) == (
        "secret.revoked", "now", Resource("secrets", "keys/main", "production"),
    )  # fmt: skip
    assert (told.metadata["version"], told.metadata["revision"], told.metadata["step"]) == (1, 7, "grace")
    held = Bench().begin(grace_seconds=0).reach(Step.RETIRE).give_up()
    assert held is not None and held.told(entry, at="now", revision=8).severity == "error"
    assert due_at(bench.rotation) == times.rfc3339(bench.moment + timedelta(seconds=120))
