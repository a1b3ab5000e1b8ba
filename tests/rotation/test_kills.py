"""The process dies, or a step comes twice, at every boundary there is: the rotation goes on, and is whole all the time."""

from typing import Any

import pytest

from tests.rotation.running import FIRST, Running, row
from tests.rotation.test_runs import GRACE, ZERO

STEPS = (
    *("create_successor", "prove_successor", "notify_dependants", "gather_acknowledgements", "promote_successor"),
    *("judge_grace", "retire_predecessor"),
)
EFFECTS = ("create", "install", "test", "last_used", "retire")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("function", [pytest.param(name, id=f"{name}-crash") for name in STEPS])
def test_killed_at_a_boundary_of_a_step_it_goes_on(run: Running, function: str, when: str) -> None:
    run.killed[function] = when
    rotation_id = run.start(**ZERO)
    assert run.dead == {1}
    run.is_whole()
    run.revive()
    _completed(run, rotation_id)


@pytest.mark.parametrize("fault", ["dies_before", "dies_after"])
@pytest.mark.parametrize("method", [pytest.param(name, id=f"{name}-crash") for name in EFFECTS])
def test_killed_around_an_effect_at_the_target_it_goes_on(run: Running, method: str, fault: str) -> None:
    run.target.faults[method] = [fault]
    rotation_id = run.start(**ZERO)
    assert run.dead == {1}
    run.is_whole()
    run.revive()
    _completed(run, rotation_id)


@pytest.mark.parametrize("fault", ["before", "after", "dies_before", "dies_after"])
def test_killed_while_it_takes_all_back_it_goes_on(run: Running, fault: str) -> None:
    run.target.faults["test"] = ["refuses"]
    if fault.startswith("dies"):
        run.target.faults["withdraw"] = [fault]
    else:
        run.killed["withdraw_successor"] = fault
    rotation_id = run.start(**ZERO)
    assert run.dead == {1}
    run.is_whole()
    run.revive()
    assert run.view(rotation_id)["status"] == "failed"
    assert (run.current(), run.target.valid) == (FIRST, {FIRST})


@pytest.mark.parametrize("function", [pytest.param(name, id=f"{name}-crash") for name in STEPS])
def test_a_step_that_is_delivered_again_and_again_has_one_effect(run: Running, function: str) -> None:
    from llm_config.runtime.task import task

    handler = task(row(function), run.kit.provide)
    rotation_id = run.start(**ZERO)
    before, given = run.rotation(rotation_id), {"tenant": run.tenant, "rotation_id": rotation_id, "attempt": 1}
    made = list(run.target.calls)
    answers = [handler(given, None) for _ in range(3)]
    assert [answer["next"] for answer in answers] == ["nothing"] * 3
    assert (run.rotation(rotation_id), run.target.calls) == (before, made)


@pytest.mark.parametrize(
    ("method", "fault", "status"),
    [
        ("create", "refuses", "failed"),
        ("create", "times_out", "failed"),
        ("install", "refuses", "failed"),
        ("install", "does_nothing", "failed"),
        ("test", "refuses", "failed"),
        ("test", "times_out", "failed"),
        ("last_used", "times_out", "held"),
        ("retire", "refuses", "held"),
        ("retire", "times_out", "held"),
    ],
)
def test_a_target_that_misbehaves_for_good_ends_it_or_holds_it(
    run: Running, method: str, fault: str, status: str
) -> None:
    run.target.faults[method] = [fault]
    rotation_id = run.start(**ZERO)
    assert run.view(rotation_id)["status"] == status
    run.is_whole()
    if status == "held":
        run.ask("POST", f"/api/v1/rotation-resumptions/{rotation_id}", {})
        run.rest()
        _completed(run, rotation_id)


def test_killed_at_every_checkpoint_in_turn_it_still_ends(run: Running) -> None:
    rotation_id = ""
    for _ in range(12):
        run.killed["judge_grace"] = "after"
        rotation_id = rotation_id or run.start(**{**GRACE, "quiet_seconds": 0})
        run.revive()
        run.is_whole()
        if run.view(rotation_id)["status"] != "running":
            break
    _completed(run, rotation_id)


def _completed(run: Running, rotation_id: str) -> None:
    view: Any = run.view(rotation_id)
    assert (view["status"], run.versions()) == ("completed", {2: "current", 1: "revoked"})
    assert run.target.valid == {run.current()}
