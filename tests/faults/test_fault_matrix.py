"""Every call of every port, made to fail in every way, under every operation: each failure is told, and leaves no half.

What a point must answer follows from the port and the kind alone: a new operation is held to it without a word here.
"""

import json
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from llm_config_contract.problems import MEDIA_TYPE
from llm_config_local.adapters.faulty import BEHIND, EVERY, SLOW_SECONDS, Fault, Faults, Kind
from tests.faults.points import Point, Sampled, at, calls_of, calls_of_aws, every_request, points_of, requests
from tests.faults.stages import FAMILIES, SLOW_IN_TURN, Stage, dynamodb, lasting
from tests.support.aws import Fault as AwsFault
from tests.support.exemplars import read
from tests.support.faults import deaf, refusing, silent
from tests.support.homes import Reply
from tests.support.nets import IN_TURN

TOLERATED = BEHIND | {"rotation_engine"}
"""What fails here fails no request: a log loses a line, and a run that was not started is started once it counts as dead."""

KINDS = (Kind.ERROR, Kind.TIMEOUT, Kind.SLOW, Kind.AFTER_EFFECT)
PATIENCE_SECONDS = 10
AWS_FAILS: dict[str, AwsFault] = {
    "is silent": silent,
    "throttles": refusing("ThrottlingException"),
    "breaks": refusing("InternalServerError", 500),
    "does it and is not heard": deaf,
}


class Hung(BaseException):
    """No answer in time."""


@contextmanager
def patience() -> Iterator[None]:
    def hung(*_: Any) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, hung)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("family", SLOW_IN_TURN)
@pytest.mark.parametrize(("operation", "case", "thorough"), requests("fault"))
def test_a_port_that_fails_is_told_and_leaves_no_half(
    tmp_path: Path, operation: str, case: str, family: str, some: Sampled[Any]
) -> None:
    with FAMILIES[family](tmp_path, read(operation, case)) as stage:
        for point, kind in some(list(product(points_of(stage), KINDS))):
            with at(f"{operation}: {kind} at {point}"):
                check_struck(stage, point, kind)
            if stage.made():
                stage.put_back()


@pytest.mark.parametrize("family", ["sqlite", pytest.param("dynamodb", marks=pytest.mark.deep)])
@pytest.mark.parametrize(("operation", "case"), every_request("fault"))
def test_when_every_call_of_a_port_fails_the_operation_that_needs_it_says_so(
    tmp_path: Path, operation: str, case: str, family: str
) -> None:
    """Its way of telling a failure fails too; an operation that calls nothing but logs answers as always."""
    with FAMILIES[family](tmp_path, read(operation, case)) as stage:
        called = list(calls_of(stage))
        for places in [*((place,) for place in called), tuple(called)]:
            faults = Faults([Fault(port, method, EVERY, Kind.ERROR) for port, method in places])
            with at(f"{operation}: error at every call of {places}"):
                with stage.opened(faults) as kit, patience():
                    reply = stage.send(kit)
                if {port for port, _ in places} <= TOLERATED:
                    assert reply.status == stage.scene.status
                    stage.put_back()
                else:
                    assert_unavailable(stage, reply)
                    assert stage.made() == 0


@IN_TURN
@pytest.mark.parametrize(("operation", "case", "thorough"), requests("fault"))
def test_aws_that_fails_at_any_call_is_told_or_overcome(
    tmp_path: Path, operation: str, case: str, some: Sampled[Any]
) -> None:
    with dynamodb(tmp_path, read(operation, case)) as stage:
        for nth, fails in some(list(product(calls_of_aws(stage), AWS_FAILS))):
            stage.account.faults["*"] = failing_at(nth, AWS_FAILS[fails])
            with at(f"{operation}: AWS {fails} at call {nth}"):
                with stage.opened(Faults()) as kit:
                    released = released_of(stage)
                    with patience():
                        reply = stage.send(kit)
                stage.account.faults.clear()
                check_released(stage, reply, stage.released() - released)
                if reply.status != stage.scene.status:
                    assert_unavailable(stage, reply)
                check_again(stage, reply)
            stage.put_back()


def released_of(stage: Any) -> int:
    """Counted past the fault, which is for the request alone."""
    faults, stage.account.faults = stage.account.faults, {}
    counted: int = stage.released()
    stage.account.faults = faults
    return counted


def failing_at(nth: int, fault: AwsFault) -> AwsFault:
    calls = iter(range(1, 1000))
    return lambda call: fault(call) if next(calls) == nth else call()


def check_struck(stage: Stage, point: Point, kind: Kind) -> None:
    slept: list[float] = []
    released = stage.released()
    with stage.opened(Faults([point.fault(kind)], sleep=slept.append)) as kit, patience():
        reply = stage.send(kit)
    assert slept == ([SLOW_SECONDS] if kind is Kind.SLOW else []), reply.text
    if kind is Kind.SLOW or point.port in TOLERATED:
        assert reply.status == stage.scene.status, reply.text
    else:
        assert_unavailable(stage, reply)
    check_released(stage, reply, stage.released() - released)
    if reply.status == 200 and put_off(reply):
        pass  # of a batch each for itself some operations may be made; each of them whole, as `check` finds
    elif kind in (Kind.ERROR, Kind.TIMEOUT) and point.port not in TOLERATED:
        assert stage.made() == 0, "a change that failed before its effect was made"
    elif kind is Kind.AFTER_EFFECT and stage.changes:
        committed = point.port.endswith(("_writer", "_transfers", "_purger")) or point.port in ("journal", *TOLERATED)
        assert stage.made() == int(committed)
    check_again(stage, reply)


def assert_unavailable(stage: Stage, reply: Reply) -> None:
    if reply.status == 200 and put_off(reply):  # a batch each for itself says it of the operation that met it
        return
    assert (reply.status, reply.headers["Content-Type"]) == (503, MEDIA_TYPE), reply.text
    assert int(reply.headers["Retry-After"]) >= 1
    assert (reply.json["retryable"], reply.json["kind"]) == (True, "unavailable")


def check_released(stage: Stage, reply: Reply, recorded: int) -> None:
    """A secret leaves in an answer that succeeded and is on record, and in no other."""
    released = reply.status == 200 and stage.discloses > 0
    assert stage.leaks(reply) == released, "a secret in an answer that is no read of it"
    assert recorded == stage.discloses if released else recorded <= stage.discloses


def put_off(reply: Reply) -> bool:
    """Whether the caller is told to try again: as a whole, or for one operation of a batch each for itself."""
    told = json.loads(reply.text) if reply.text else {}
    results = told.get("results", []) if isinstance(told, dict) else []
    return reply.status == 503 or any(result["status"] == 503 for result in results)


def check_again(stage: Stage, first: Reply) -> None:
    """The same request again, nothing failing: one effect in all, and the answer that the first one had or would have."""
    stage.check()
    if not stage.changes:
        assert stage.made() == 0
        return
    made = stage.made()
    assert made == 1 or put_off(first), "acknowledged and not recorded"
    with stage.opened(Faults()) as kit:
        again = stage.send(kit)
        assert again.status == stage.scene.status, again.text
        assert ("Idempotency-Replayed" in again.headers) == (made == 1)
        assert put_off(first) or lasting(first) == lasting(again)
        assert stage.made() == 1, "the same key had two effects"
        stage.check()
        stage.read_back(kit)
