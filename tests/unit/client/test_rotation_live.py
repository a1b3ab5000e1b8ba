"""The picture of a rotation that runs: what each stage, each service and the wait say."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.console import Console

from llm_config_client.cli.rotation_live import drawn
from llm_config_contract.rotations import RotationView

NOW = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)


def step(name: str, outcome: str = "done", **evidence: Any) -> dict[str, Any]:
    return {"step": name, "at": "2026-01-02T02:59:00.000Z", "outcome": outcome, "evidence": evidence}


def view(*steps: dict[str, Any], **said: Any) -> RotationView:
    about: dict[str, Any] = dict.fromkeys(("comment", "new_version", "ended_at", "next_rotation_at"))
    about |= dict.fromkeys(("notice_seconds", "acknowledgement_seconds", "grace_seconds", "quiet_seconds"), 0)
    about |= {"rotation_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV", "namespace": "keys", "key": "main", "old_version": 1}
    about |= {"environment": "production", "reason": "manual", "strategy": "dual", "requested_by": "user:ana"}
    about |= {"started_at": "2026-01-02T02:59:00.000Z", "not_before": "2026-01-02T03:04:05.000Z", "status": "running"}
    about |= {"missing_acknowledgement": "hold", "acknowledgements": {}, "step": "acknowledge", "steps": steps}
    return RotationView.model_validate(json.loads(json.dumps({**about, **said})))


def lines(found: RotationView) -> list[str]:
    console = Console(width=100, color_system=None, force_terminal=False, markup=False, highlight=False)
    with console.capture() as captured:
        console.print(drawn(found, NOW))
    return [" ".join(line.split()) for line in captured.get().splitlines() if line.strip()]


def test_each_stage_says_where_it_stands() -> None:
    told = lines(view(step("plan", "planned"), step("create", "created"), step("notify", "notified")))
    assert told[0] == "keys/main in production, version 1 to -, manual"
    assert told[1:3] == ["done plan 02:59:00 planned", "done create 02:59:00 created"]
    assert told[3:6] == ["test -", "done notify 02:59:00 notified", "now acknowledge -"]
    assert told[-1] == "waits for acknowledgements until 03:04:05 UTC, 4 min 5 s more"


def test_each_service_says_what_is_known_of_it() -> None:
    told = lines(
        view(
            step("acknowledge", "not acknowledged", acknowledged=["api"], missing=["batch"]),
            step("grace", "extended", users=["batch", "old\x1b[31m"]),
            acknowledgements={"api": "2026-01-02T02:58:00.000Z"},
            step="grace",
        )
    )
    assert told[-5:-1] == [
        "SERVICE ACKNOWLEDGED (UTC) SEEN WITH",
        "api 02:58:00 -",
        "batch no the old version",
        "old\\x1b[31m no the old version",
    ]


@pytest.mark.parametrize(
    ("not_before", "left"),
    [
        ("2026-01-02T02:00:00.000Z", ""),
        ("2026-01-02T03:00:40.000Z", " until 03:00:40 UTC, 40 s more"),
        ("2026-01-04T06:00:00.000Z", " until 06:00:00 UTC, 2 d 3 h more"),
        ("2026-01-02T04:00:00.000Z", " until 04:00:00 UTC, 1 h more"),
    ],
)
def test_what_is_waited_for_says_until_when(not_before: str, left: str) -> None:
    assert lines(view(step="grace", not_before=not_before))[-1] == (
        f"waits for the next look at who uses the old version{left}"
    )


def test_one_that_went_back_shows_how() -> None:
    told = lines(view(step("promote"), step("abort", "asked for"), step("withdraw", "withdrawn"), status="aborted"))
    assert told[-3:] == ["done abort 02:59:00 asked for", "done withdraw 02:59:00 withdrawn", "aborted: withdrawn"]
    assert "held grace - " in " ".join([*lines(view(step("plan"), status="held", step="grace")), ""])
