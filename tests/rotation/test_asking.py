"""What people ask of rotations, and what the minute's function and the log see of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from llm_config.runtime.task import Defect, task
from llm_config.runtime.ticks import ticks
from llm_config_domain import times
from llm_config_domain.errors import Malformed, NotFound, Unavailable
from llm_config_domain.rotation.agenda import Due
from llm_config_domain.rotation.entries import Rotation
from tests.rotation.running import ENVIRONMENT, PATH, ROTATIONS, SECRET, Running, row
from tests.rotation.test_runs import ZERO

SCHEDULES = f"/api/v1/rotation-schedules/{PATH}?environment={ENVIRONMENT}"


@dataclass
class Agenda:
    """Says what a test wants to be due."""

    found: Sequence[Due]

    def due(self, until: str, limit: int) -> Sequence[Due]:
        return self.found


def keyed(run: Running, url: str, body: Any, key: str) -> Any:
    token = run.kit.token(run.tenant, "operator")
    return run.kit.call("POST", url, body, token=token, headers={"idempotency-key": key})


def test_the_same_key_starts_aborts_and_resumes_once(run: Running) -> None:
    run.kit.family.engine.connect(None)
    first, again = (keyed(run, ROTATIONS, {}, "k") for _ in range(2))
    assert (first.status, again.json, again.headers["Idempotency-Replayed"]) == (202, first.json, "true")
    rotation_id = first.json["rotation_id"]
    done = [keyed(run, f"/api/v1/rotation-aborts/{rotation_id}", {}, "k") for _ in range(2)]
    assert [one.headers.get("Idempotency-Replayed") for one in done] == [None, "true"]
    run.kit.family.engine.connect(run.runs.begin)
    run.target.faults["withdraw"] = ["refuses"]
    run.revive()
    assert run.view(rotation_id)["status"] == "held"
    done = [keyed(run, f"/api/v1/rotation-resumptions/{rotation_id}", {}, "k") for _ in range(2)]
    run.rest()
    assert [one.headers.get("Idempotency-Replayed") for one in done] == [None, "true"]
    assert run.view(rotation_id)["status"] == "aborted"


def test_what_the_engine_cannot_take_now_is_started_when_it_counts_as_dead(run: Running) -> None:
    def down(rotation: Rotation) -> None:
        raise Unavailable("down")

    run.kit.family.engine.connect(down)
    rotation_id = run.ask("POST", ROTATIONS, ZERO, 202)["rotation_id"]
    run.kit.family.engine.connect(run.runs.begin)
    run.revive()
    assert run.view(rotation_id)["status"] == "completed"


def test_a_rotation_that_is_not_for_the_caller_is_as_absent(run: Running) -> None:
    rotation_id = run.start(**ZERO)
    found = run.ask("GET", f"/api/v1/rotations/{rotation_id}", status=404, role="developer")
    absent = run.ask("GET", "/api/v1/rotations/01ARZ3NDEKTSV4RRFFQ69G5FAV", status=404, role="developer")
    assert {**found, "request_id": ""} == {**absent, "request_id": ""}
    assert run.ask("GET", "/api/v1/rotations", role="developer")["items"] == []


def test_a_secret_brings_how_it_rotates(run: Running) -> None:
    said = {"target": {"kind": "generic", "member": "password"}, "grace_seconds": 0, "notice_seconds": 0}
    run.ask("PUT", SECRET, {"type": "generic", "value": "second", "rotation": said})
    run.ask("GET", SCHEDULES, status=404)
    told = run.ask("PUT", SCHEDULES, {"schedule": "quarterly", "missing_acknowledgement": "hold"})
    assert (told["target"], told["grace_seconds"], told["missing_acknowledgement"]) == (said["target"], 0, "hold")
    run.ask("PUT", SCHEDULES, {"schedule": "quarterly", "target": {"member": "x"}}, 400)
    run.ask("PUT", SCHEDULES, {"schedule": "quarterly", "target": {"kind": "x", "more": "x" * 9000}}, 400)


def test_what_is_due_twice_is_begun_once(run: Running) -> None:
    run.ask("PUT", SCHEDULES, {"schedule": "1h"})
    run.clock.step(3601)
    agenda = run.kit.provide("rotation_agenda")
    (due,) = agenda.due("2999-01-01T00:00:00.000Z", 10)
    handler = task(row("run_due_rotation"), run.kit.provide)
    run.kit.family.engine.connect(None)
    answers = [handler(due.to_record(), None)["rotation_id"] for _ in range(2)]
    assert answers[0] is not None and answers[1] is None
    found = next(one for one in agenda.due("2999-01-01T00:00:00.000Z", 10) if one.rotation_id)
    assert [handler(found.to_record(), None)["rotation_id"] for _ in range(2)] == [answers[0], None]
    with pytest.raises(Malformed):
        handler({"tenant": run.tenant, "at": "now"}, None)


def test_what_cannot_be_asked_for_leaves_the_others_alone(run: Running) -> None:
    run.ask("PUT", SCHEDULES, {"schedule": "1h"})
    run.clock.step(3601)
    run.kit.family.engine.connect(None)
    agenda = run.kit.provide("rotation_agenda")
    (due,) = agenda.due("2999-01-01T00:00:00.000Z", 10)
    run.kit.factories["rotation_agenda"] = lambda: Agenda([replace(due, path=None), due])
    run.kit.forget()
    assert ticks(row("run_due_rotation"), run.kit.provide)({}, None) == {"due": 2, "ran": 1}


def test_a_schedule_goes_on_when_its_time_can_begin_nothing(run: Running) -> None:
    minute = ticks(row("run_due_rotation"), run.kit.provide)
    run.ask("PUT", SCHEDULES, {"schedule": "1h"})
    run.kit.family.engine.connect(None)
    run.ask("POST", ROTATIONS, {}, 202)
    run.clock.step(3601)
    assert minute({}, None)["ran"] >= 1
    on_the_way = run.ask("GET", SECRET)["next_rotation_at"]
    assert on_the_way > times.rfc3339(run.clock.now()), "one runs: no second one is begun, now or in a minute"
    run.ask("DELETE", SECRET, status=204)
    run.clock.step(3601)
    minute({}, None)
    due = run.kit.provide("rotation_agenda").due("2999-01-01T00:00:00.000Z", 10)
    assert [one.at > on_the_way for one in due if one.path] == [True], "deleted: it asks again in an hour"
    url = "/api/v1/audit-entries?from=2020-01-01T00:00:00Z&to=2100-01-01T00:00:00Z&limit=1000"
    told = [entry["event_type"] for entry in run.ask("GET", url)["items"]]
    assert told.count("rotation.scheduled") == 3 and told.count("rotation.started") == 1


def test_a_step_tells_its_refusal_by_its_name_and_a_defect_by_no_text(
    run: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    handler = task(row("notify_dependants"), run.kit.provide)
    given = {"tenant": run.tenant, "rotation_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "attempt": 1}
    with pytest.raises(NotFound):
        handler(given, None)
    misshapen: list[Any] = [{**given, "attempt": 0}, {**given, "more": 1}, [], "x"]
    for wrong in misshapen:
        with pytest.raises(Malformed):
            handler(wrong, None)
    run.kit.factories["rotation_reader"] = lambda: 1
    run.kit.forget()
    with pytest.raises(Defect) as defect:
        handler(given, None)
    assert (str(defect.value), defect.value.__cause__) == ("", None)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    told = [line for line in lines if line["operation"] == "notify_dependants"]
    assert (told[-1]["status"], told[-1]["error"]) == ("failed", "AttributeError")


def test_a_withdrawal_that_is_delivered_again_changes_nothing(run: Running) -> None:
    run.target.faults["test"] = ["refuses"]
    rotation_id = run.start(**ZERO)
    before, made = run.rotation(rotation_id), list(run.target.calls)
    handler = task(row("withdraw_successor"), run.kit.provide)
    assert handler({"tenant": run.tenant, "rotation_id": rotation_id, "attempt": 1}, None)["next"] == "nothing"
    assert (run.rotation(rotation_id), run.target.calls) == (before, made)
