"""What a rotation tells of itself, step by step: the words and the evidence that a person reads when something went wrong."""

from typing import Any

import pytest

from llm_config_domain.errors import Conflict
from llm_config_domain.rotation.entries import MAX_SERVICES, Step
from llm_config_domain.rotation.evidence import Evidence
from llm_config_domain.rotation.interventions import Aborted, Acknowledged, Reported, Resumed
from llm_config_domain.rotation.plan import Missing
from llm_config_domain.secrets.lifecycle import Revocation
from tests.support.rotating import Bench, used

Told = tuple[str, str, dict[str, Any]]
BEGIN: list[Told] = [
    ("plan", "planned", {}),
    ("create", "created", {"version": 2}),
    ("test", "passed", {}),
    ("notify", "notified", {"promotion_at": "2026-01-02T03:19:05.000Z"}),
]
PROMOTED: list[Told] = [
    *BEGIN,
    ("acknowledge", "not acknowledged", {"acknowledged": [], "missing": []}),
    ("promote", "promoted", {"version": 2}),
]
NOBODY: dict[str, Any] = {"last_used_at": None, "users": [], "old_uses": 0, "new_uses": 0, "error_rate_rise": 0.0}
FALLEN = Evidence(old=(used("a"),), new=(used("a", "new-id", 20, 10),))
SEEN = {
    "last_used_at": "2026-01-02T03:04:05.000Z",
    "users": ["a"],
    "old_uses": 20,
    "new_uses": 20,
    "error_rate_rise": 0.5,
}


def story(bench: Bench) -> list[Told]:
    return [(taken.step.value, taken.outcome, dict(taken.evidence)) for taken in bench.rotation.steps]


def ending(bench: Bench) -> tuple[str, str, str, int]:
    """How it stands, since when, and in which run."""
    rotation = bench.rotation
    return rotation.status.value, rotation.step.value, rotation.not_before[11:19], rotation.attempt


def test_left_alone() -> None:
    bench = Bench().begin(grace_seconds=12, quiet_seconds=5).reach(Step.DONE)
    looked = ("grace", "no reason to roll back", NOBODY)
    assert story(bench) == [
        *PROMOTED,
        looked,
        looked,
        ("grace", "revoked", {"version": 1, **NOBODY}),
        ("retire", "retired", {}),
    ]
    assert ending(bench) == ("completed", "done", "03:19:17", 1)
    assert bench.rotation.ended_at == "2026-01-02T03:19:17.000Z" and bench.rotation.next_rotation_at is None


def test_each_checkpoint_comes_at_its_time_and_what_was_missed_in_an_outage_once() -> None:
    bench = Bench().begin(grace_seconds=120).reach(Step.GRACE)
    looked = [bench.rotation.not_before[11:19]]
    for _ in range(2):
        bench.wait()
        bench.take()
        looked.append(bench.rotation.not_before[11:19])
    assert looked == ["03:19:15", "03:19:45", "03:21:05"]
    late = Bench().begin(grace_seconds=120).reach(Step.GRACE)
    late.wait()
    late.moment = bench.moment
    late.take()
    assert late.rotation.not_before[11:19] == "03:21:05", "the second one is over too"


def test_with_somebody_late() -> None:
    bench = Bench().begin(grace_seconds=12, quiet_seconds=5).reach(Step.GRACE)
    while bench.rotation.runs:
        bench.wait()
        bench.take(Evidence(old=(used("laggard", at=bench.moment),)))
    outcomes = [(outcome, evidence.get("users")) for _, outcome, evidence in story(bench)[len(PROMOTED) :]]
    assert outcomes == [
        ("no reason to roll back", ["laggard"]),
        ("no reason to roll back", ["laggard"]),
        ("extended: the old version is still in use", ["laggard"]),
        ("extended: the old version is still in use", ["laggard"]),
        ("the old version is still in use", ["laggard"]),
    ]
    assert ending(bench) == ("held", "grace", "03:19:27", 1)


@pytest.mark.parametrize("reported", [False, True], ids=["at a checkpoint", "as it was reported"])
def test_with_errors(reported: bool) -> None:
    bench = Bench().begin(grace_seconds=12).reach(Step.GRACE)
    bench.wait()
    if reported:
        bench.apply(Reported(evidence=FALLEN))
    else:
        bench.take(FALLEN)
    bench.take()
    assert story(bench) == [
        *PROMOTED,
        ("grace", "the new version fails more often", SEEN),
        ("withdraw", "withdrawn", {}),
    ]
    assert ending(bench) == ("rolled_back", "done", "03:19:06", 2 if reported else 1)


def test_aborted_in_the_grace() -> None:
    bench = Bench().begin().reach(Step.GRACE)
    bench.apply(Aborted())
    bench.take()
    assert story(bench) == [*PROMOTED, ("abort", "aborted", {}), ("withdraw", "withdrawn", {})]
    assert ending(bench) == ("rolled_back", "done", "03:19:05", 2)


def test_with_a_target_that_gives_up() -> None:
    bench = Bench().begin().reach(Step.TEST)
    bench.give_up()
    bench.give_up("unavailable")
    bench.apply(Aborted())
    bench.take()
    assert story(bench) == [
        *BEGIN[:2],
        ("test", "failed: target_refused", {}),
        ("withdraw", "failed: unavailable", {}),
        ("abort", "withdraws again", {}),
        ("withdraw", "withdrawn", {}),
    ]
    assert ending(bench) == ("failed", "done", "03:04:05", 2)


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        (Missing.PROCEED, "not acknowledged"),
        (Missing.HOLD, "not acknowledged"),
        (Missing.ABORT, "not acknowledged: aborted"),
    ],
)
def test_with_somebody_who_does_not_acknowledge(policy: Missing, outcome: str) -> None:
    bench = Bench().begin(missing_acknowledgement=policy).reach(Step.ACKNOWLEDGE)
    bench.apply(Acknowledged(service="b"))
    bench.wait()
    bench.take(Evidence(old=(used("b"), used("a"))))
    evidence = {"acknowledged": ["b"], "missing": ["a"]}
    assert story(bench)[len(BEGIN) :] == [("acknowledge", "came in", {}), ("acknowledge", outcome, evidence)]
    if policy is Missing.HOLD:
        bench.apply(Resumed())
        assert story(bench)[-1] == ("resume", "resumed", {})


OVER = "this rotation is over, or its old version is revoked: it cannot be aborted any more"


def test_what_cannot_be_is_refused_with_its_reason() -> None:
    over, late, revoked = (
        Bench().begin().reach(Step.DONE),
        Bench().begin().reach(Step.RETIRE),
        Bench().begin().reach(Step.GRACE),
    )
    revoked.move(Revocation(version=1))
    full = Bench().begin()
    for number in range(MAX_SERVICES):
        full.apply(Acknowledged(service=f"s{number}"))
    asked = [
        (over, Acknowledged(service="a"), "this rotation is over: there is nothing to acknowledge"),
        (full, Acknowledged(service="a"), "a rotation takes the acknowledgements of 100 services"),
        (over, Aborted(), OVER),
        (late, Aborted(), OVER),
        (revoked, Aborted(), "the old version is revoked: there is none to go back to"),
        (late, Resumed(), "this rotation is not held: there is nothing to resume"),
    ]
    for bench, transition, reason in asked:
        with pytest.raises(Conflict) as refused:
            bench.apply(transition)
        assert refused.value.detail == reason
