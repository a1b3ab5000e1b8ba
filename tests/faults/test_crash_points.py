"""A crash before and after every call of every operation; then a new process finds everything whole.

The points are counted, not listed: one run tells which methods an operation calls and how often, and then it dies at
each of them. In the AWS family it dies at each call of AWS too.
"""

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any, NoReturn

import pytest

from llm_config_local.adapters.faulty import Crashed, Faults, Kind
from tests.faults.points import Sampled, at, calls_of_aws, check_repeated, points_of, requests
from tests.faults.stages import FAMILIES, SLOW_IN_TURN, Stage, dynamodb
from tests.support.aws import Fault
from tests.support.exemplars import read
from tests.support.nets import IN_TURN

WHEN = {"before": Kind.CRASH, "after": Kind.AFTER_EFFECT}


def crash(*_: Any) -> NoReturn:
    raise Crashed


def dying_at(nth: int, when: str) -> Fault:
    """The process ends before or after its `nth` call of AWS."""
    calls = iter(range(1, 1000))

    def fault(call: Callable[[], Any]) -> Any:
        if next(calls) != nth:
            return call()
        if when == "after":
            call()
        raise Crashed

    return fault


@pytest.mark.parametrize("family", SLOW_IN_TURN)
@pytest.mark.parametrize(("operation", "case", "thorough"), requests("crash"))
def test_a_crash_at_any_call_of_a_port_leaves_all_or_nothing(
    tmp_path: Path, operation: str, case: str, family: str, some: Sampled[Any]
) -> None:
    with FAMILIES[family](tmp_path, read(operation, case)) as stage:
        for point, when in some(list(product(points_of(stage), WHEN))):
            stage.put_back()
            faults = Faults([point.fault(WHEN[when])], fail=Crashed, crash=crash)
            with at(f"{operation} crashed {when} {point}"):
                with stage.opened(faults) as kit, pytest.raises(Crashed):
                    stage.send(kit)
                check_restarted(stage)


@IN_TURN
@pytest.mark.parametrize(("operation", "case", "thorough"), requests("crash"))
def test_a_crash_at_any_call_of_aws_leaves_all_or_nothing(
    tmp_path: Path, operation: str, case: str, some: Sampled[Any]
) -> None:
    with dynamodb(tmp_path, read(operation, case)) as stage:
        for nth, when in some(list(product(calls_of_aws(stage), WHEN))):
            stage.put_back()
            stage.account.faults["*"] = dying_at(nth, when)
            with at(f"{operation} crashed {when} call {nth} of AWS"):
                with stage.opened(Faults()) as kit, pytest.raises(Crashed):
                    stage.send(kit)
                del stage.account.faults["*"]
                check_restarted(stage)


def check_restarted(stage: Stage) -> None:
    """A new process finds all of the change or nothing of it, and the same request has one effect and one answer."""
    stage.check()
    made = stage.made()
    assert made in ((0, 1) if stage.changes else (0,))
    with stage.opened(Faults()) as kit:
        stage.read_back(kit)
        released = stage.released()
        reply = stage.send(kit)
        assert reply.status == stage.scene.status, reply.text
        assert stage.released() - released == stage.discloses, "a released secret without its one record"
        if stage.changes:
            assert ("Idempotency-Replayed" in reply.headers) == (made == 1)
            check_repeated(stage, reply)
        stage.check()
        stage.read_back(kit)
