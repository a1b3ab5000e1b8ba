"""A rotation from its start to its end: what it does to the secret, to its target, and who hears of it."""

import json
from typing import Any

import pytest

from llm_config_domain.rotation.steps import MAX_EXTENSIONS
from llm_config_local.state_machines import definition
from tests.rotation.running import FIRST, PATH, ROTATIONS, SECRET, Running, row

ZERO: dict[str, Any] = {"notice_seconds": 0, "acknowledgement_seconds": 0, "grace_seconds": 0, "quiet_seconds": 0}
GRACE: dict[str, Any] = {"notice_seconds": 0, "grace_seconds": 24, "quiet_seconds": 6}
MAX_TRANSITIONS = 30


def outcomes(view: Any) -> list[tuple[str, str]]:
    return [(one["step"], one["outcome"]) for one in view["steps"]]


@pytest.mark.parametrize("body", [ZERO, GRACE, {}, {"strategy": "immediate"}, {"reason": "compromised"}])
def test_left_alone_it_is_completed_and_the_new_version_works(run: Running, body: dict[str, Any]) -> None:
    rotation_id = run.start(**body)
    view = run.view(rotation_id)
    for _ in range(10):
        if view["status"] != "running":
            break
        run.revive()
        view = run.view(rotation_id)
    assert (view["status"], run.versions()) == ("completed", {2: "current", 1: "revoked"})
    assert run.target.valid == {run.current()} and FIRST not in run.target.valid


def test_the_longest_run_enters_fewer_than_thirty_states(run: Running) -> None:
    """Nothing acknowledged, somebody late until the last extension is over, and then a target that does not answer."""

    judgements = 3 + MAX_EXTENSIONS

    def laggard(late: int) -> None:
        run.report(1, service="laggard")
        if late > 1:
            run.meanwhile["judge_grace"] = lambda: laggard(late - 1)

    run.meanwhile["judge_grace"] = lambda: laggard(judgements - 1)
    run.target.faults["retire"] = ["times_out"]
    rotation_id = run.start(notice_seconds=10, acknowledgement_seconds=5, grace_seconds=60, quiet_seconds=6)
    entered = run.runs.entered[f"{rotation_id}-1"]
    assert entered.count("Judge") == judgements
    assert (entered[0], entered[-4:]) == ("WhatNext", ["Retire", "GiveUp", "WhatNext", "Done"])
    assert len(entered) == 28 <= MAX_TRANSITIONS
    assert run.view(rotation_id)["status"] == "held"


def test_each_task_of_the_state_machine_is_a_function() -> None:
    for state in json.loads(definition())["States"].values():
        if state["Type"] == "Task":
            row(state["Resource"].strip("${}"))


def test_what_waits_for_over_a_minute_is_parked_and_begun_again(run: Running) -> None:
    from llm_config_local.state_machines import Runs

    plain = Runs(run.clock.now, run.runs._call)
    run.kit.family.engine.connect(plain.begin)
    rotation_id = run.start(notice_seconds=600)
    assert plain.rest(60)
    assert (run.view(rotation_id)["step"], plain.entered[f"{rotation_id}-1"][-1]) == (
        "acknowledge",
        "WaitForAcknowledgements",
    )
    run.kit.family.engine.connect(run.runs.begin)
    run.revive()
    assert run.view(rotation_id)["step"] == "done"


def test_everybody_is_told_in_order_and_nobody_hears_a_secret(run: Running) -> None:
    run.start(**ZERO)
    with run.kit.family.store.snapshot() as db:
        entries = [
            json.loads(text) for (text,) in db.execute("SELECT entry FROM journal WHERE line = 'S' ORDER BY revision")
        ]
    assert [one["event_type"] for one in entries if one["event_type"] != "rotation.advanced"] == [
        "secret.created", "rotation.started", "secret.rotation_pending", "secret.rotated", "secret.revoked",
        "rotation.completed",
    ]  # fmt: skip
    assert [one["metadata"]["revision"] for one in entries] == list(range(1, len(entries) + 1))
    assert not any(value.strip(b'"').decode() in json.dumps(entries) for value in (FIRST, run.current()))


def test_the_effects_at_the_target_are_on_record_before_and_after(run: Running) -> None:
    run.start(**ZERO)
    told = [(one.event_type, one.metadata.get("phase")) for one in run.kit.accesses()]
    assert told.count(("rotation.target", "intent")) == told.count(("rotation.target", "outcome")) == 3


@pytest.mark.parametrize(
    ("policy", "status", "in_use"),
    [("proceed", "completed", 2), ("hold", "held", 1), ("abort", "aborted", 1)],
)
def test_an_unacknowledged_notice_is_what_its_policy_says(run: Running, policy: str, status: str, in_use: int) -> None:
    run.report(1, service="gateway")
    rotation_id = run.start(notice_seconds=5, grace_seconds=0, missing_acknowledgement=policy)
    view = run.view(rotation_id)
    assert view["status"] == status
    run.is_whole()
    if policy == "hold":
        run.ask("POST", f"/api/v1/rotation-resumptions/{rotation_id}", {})
        run.rest()
        assert run.view(rotation_id)["status"] == "completed"
        in_use = 2
    assert run.versions()[in_use] == "current"


def test_who_acknowledges_in_time_is_not_missing(run: Running) -> None:
    run.report(1, service="gateway")

    def acknowledge() -> None:
        found = run.ask("GET", "/api/v1/rotations?status=running")["items"][0]["rotation_id"]
        run.ask("POST", f"/api/v1/rotation-acknowledgements/{found}", {"service": "gateway"})

    run.meanwhile["gather_acknowledgements"] = acknowledge
    rotation_id = run.start(notice_seconds=5, grace_seconds=0, missing_acknowledgement="abort")
    view = run.view(rotation_id)
    assert (view["status"], list(view["acknowledgements"])) == ("completed", ["gateway"])


def test_a_laggard_holds_the_revocation_until_it_is_silent(run: Running) -> None:
    def laggard() -> None:
        run.meanwhile["judge_grace"] = laggard
        run.report(1, service="laggard")

    run.meanwhile["judge_grace"] = laggard
    rotation_id = run.start(**GRACE)
    view = run.view(rotation_id)
    assert (view["status"], run.versions()[1]) == ("held", "previous")
    assert view["steps"][-1]["evidence"]["users"] == ["laggard"]
    assert sum(outcome.startswith("extended") for _, outcome in outcomes(view)) == MAX_EXTENSIONS
    assert len(run.runs.entered[f"{rotation_id}-1"]) <= MAX_TRANSITIONS
    run.meanwhile.clear()
    run.clock.step(60)
    run.ask("POST", f"/api/v1/rotation-resumptions/{rotation_id}", {})
    run.rest()
    assert (run.view(rotation_id)["status"], run.versions()[1]) == ("completed", "revoked")


def test_what_is_compromised_is_revoked_whoever_uses_it(run: Running) -> None:
    run.meanwhile["judge_grace"] = lambda: run.report(1, service="laggard")
    rotation_id = run.start(reason="compromised")
    assert (run.view(rotation_id)["status"], run.versions()[1]) == ("completed", "revoked")


def test_a_rise_of_errors_rolls_back_at_once(run: Running) -> None:
    def reports() -> None:
        run.report(1)
        run.report(2, errors=5)

    run.meanwhile["judge_grace"] = reports
    rotation_id = run.start(**GRACE)
    assert (run.view(rotation_id)["status"], run.versions()) == ("rolled_back", {2: "revoked", 1: "current"})
    assert run.target.valid == {FIRST}


@pytest.mark.parametrize("function", ["create_successor", "promote_successor", "judge_grace"])
def test_an_abort_at_any_time_leaves_the_old_version_in_use(run: Running, function: str) -> None:
    def abort() -> None:
        found = run.ask("GET", "/api/v1/rotations?status=running")["items"][0]["rotation_id"]
        run.ask("POST", f"/api/v1/rotation-aborts/{found}", {})

    run.meanwhile[function] = abort
    rotation_id = run.start(**GRACE)
    run.revive()
    assert run.view(rotation_id)["status"] == ("rolled_back" if function == "judge_grace" else "aborted")
    assert (run.current(), run.target.valid) == (FIRST, {FIRST})


@pytest.mark.parametrize("function", ["prove_successor", "promote_successor", "judge_grace"])
def test_a_write_by_hand_stays_in_use_whenever_it_comes(run: Running, function: str) -> None:
    def write() -> None:
        run.target.valid.add(b'"by hand"')
        run.ask("PUT", SECRET, {"type": "generic", "value": "by hand"})

    run.meanwhile[function] = write
    rotation_id = run.start(**GRACE)
    assert run.view(rotation_id)["status"] in ("failed", "completed")
    assert run.current() == b'"by hand"'
    run.is_whole()


def test_a_second_rotation_is_refused_while_one_runs(run: Running) -> None:
    run.meanwhile["judge_grace"] = lambda: run.ask("POST", ROTATIONS, {}, 409)
    assert run.view(run.start(**GRACE))["status"] == "completed"
    assert run.view(run.start(**ZERO))["status"] == "completed"
    assert run.versions() == {3: "current", 2: "revoked", 1: "revoked"}


def test_a_schedule_begins_a_rotation_when_its_time_comes(run: Running) -> None:
    url = f"/api/v1/rotation-schedules/{PATH}?environment=production"
    told = run.ask("PUT", url, {"schedule": "1h", "grace_seconds": 0, "notice_seconds": 0, "strategy": "immediate"})
    assert told["schedule"] == "rate(1 hour)"
    run.revive()
    (found,) = run.ask("GET", f"/api/v1/rotations?secret={PATH}")["items"]
    assert (found["status"], found["reason"], found["requested_by"]) == ("completed", "scheduled", "system:rotation")
    assert found["next_rotation_at"] == run.ask("GET", url)["next_rotation_at"] > told["next_rotation_at"]
