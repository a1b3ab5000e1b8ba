"""Two writers at one place, one of them always in the middle of the other: at each call, before it is made.

While one call waits, a rival sends the whole request. Whoever comes first, both hear what they would have heard one
after the other, and the store holds what it would have held. No thread, no sleep and no luck is needed for it.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from llm_config_local.adapters.faulty import Faults, Kind
from tests.faults.points import Point, at, calls_of_aws, every_request, points_of
from tests.faults.stages import CHANGING, KEY, DynamoStage, SqliteStage, Stage, dynamodb
from tests.support.exemplars import read
from tests.support.homes import Kit, Reply
from tests.support.nets import EVERY_OTHER, IN_TURN

RIVALS = {"another writer": {"idempotency-key": "the-rivals-key"}, "the same request again": KEY}
CHANGES = [one for one in every_request("race") if CHANGING[one.values[0]]]
Heard = tuple[int, int, bool]
Outcome = tuple[list[Heard], int]
"""What both heard, whoever was first, and how many changes there are."""


@EVERY_OTHER
@pytest.mark.parametrize(("operation", "case"), CHANGES)
def test_a_rival_at_any_call_of_a_port_is_before_or_after(tmp_path: Path, operation: str, case: str) -> None:
    stage = SqliteStage(tmp_path / "home", read(operation, case))
    points, met = points_of(stage), 0
    for rival, headers in RIVALS.items():
        expected = in_turn(stage, headers)
        for point in points:
            with at(f"{operation}: {rival} at {point}"):
                met += met_at_port(stage, point, headers, expected)
    assert met, "no rival was ever met: nothing was tried"


@IN_TURN
@pytest.mark.parametrize(("operation", "case"), CHANGES)
def test_a_rival_at_any_call_of_aws_is_before_or_after(tmp_path: Path, operation: str, case: str) -> None:
    with dynamodb(tmp_path, read(operation, case)) as stage:
        calls, met = calls_of_aws(stage), 0
        for rival, headers in RIVALS.items():
            expected = in_turn(stage, headers)
            for nth in calls:
                with at(f"{operation}: {rival} at call {nth} of AWS"):
                    met += met_at_aws(stage, nth, headers, expected)
        assert met == len(RIVALS) * len(calls)


def in_turn(stage: Stage, headers: dict[str, str]) -> Outcome:
    """What both hear when the one has ended before the other begins."""
    stage.put_back()
    with stage.opened(Faults()) as kit:
        told = sorted([heard(stage.send(kit)), heard(stage.send(kit, headers=headers))])
    return told, stage.made()


def met_at_port(stage: SqliteStage, point: Point, headers: dict[str, str], expected: Outcome) -> int:
    """Inside the store's own writer nobody can be met: its thread is the only one."""
    met: list[Reply] = []
    ours = threading.current_thread()

    def meet(_: float) -> None:
        if threading.current_thread() is ours:
            met.append(stage.send(kit, headers=headers))

    stage.put_back()
    with stage.opened(Faults([point.fault(Kind.SLOW)], sleep=meet)) as kit:
        reply = stage.send(kit)
        if met:
            check(stage, kit, [reply, *met], expected)
    return len(met)


def met_at_aws(stage: DynamoStage, nth: int, headers: dict[str, str], expected: Outcome) -> int:
    met: list[Reply] = []
    left = [nth]

    def overtaken(call: Callable[[], Any]) -> Any:
        left[0] -= 1
        if left[0] == 0:
            met.append(stage.send(kit, headers=headers))
        return call()

    stage.put_back()
    stage.account.faults["*"] = overtaken
    with stage.opened(Faults()) as kit:
        reply = stage.send(kit)
        del stage.account.faults["*"]
        check(stage, kit, [reply, *met], expected)
    return len(met)


def check(stage: Stage, kit: Kit, told: list[Reply], expected: Outcome) -> None:
    assert (sorted(map(heard, told)), stage.made()) == expected, "two writers were told what cannot both be true"
    stage.check()
    stage.read_back(kit)


def heard(reply: Reply) -> Heard:
    told = reply.json if reply.text else {}
    return reply.status, told.get("version", 0), "Idempotency-Replayed" in reply.headers
