"""Where an operation can be struck: counted by one run of it, and sampled where all of them would take too long."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from llm_config_local.adapters.faulty import Fault, Faults, Kind
from tests.faults.stages import DynamoStage, Stage, lasting
from tests.support.exemplars import Exemplar, exemplar, read
from tests.support.golden import cases
from tests.support.homes import Reply

SAMPLE = 2
"""How many points of one request a run of `make test` strikes; `make test-deep` strikes all of them."""
T = TypeVar("T")
Sampled = Callable[[Sequence[T]], Sequence[T]]


@dataclass(frozen=True)
class Point:
    port: str
    method: str
    nth: int

    def __str__(self) -> str:
        return f"call {self.nth} of {self.port}.{self.method}"

    def fault(self, kind: Kind) -> Fault:
        return Fault(self.port, self.method, self.nth, kind)


def requests(net: str) -> list[Any]:
    """(operation, case, are all points struck?) of golden requests, as parameters: an operation's exemplar, and what else
    succeeds on top of something, is sampled in every run; all points of all of them are deep."""
    return [
        *(pytest.param(*each, False, id=f"{net}: {' '.join(each)}, sampled") for each in cases() if _often(*each)),
        *(pytest.param(*each, True, id=f"{net}: {' '.join(each)}, all", marks=pytest.mark.deep) for each in cases()),
    ]


def every_request(net: str) -> list[Any]:
    """The same golden requests where nothing is sampled."""
    deep = pytest.mark.deep
    return [pytest.param(*each, id=f"{net}: {' '.join(each)}", marks=() if _often(*each) else deep) for each in cases()]


def _often(operation: str, case: str) -> bool:
    return exemplar(operation).case == case or _on_top(read(operation, case))


def _on_top(scene: Exemplar) -> bool:
    return bool(scene.given) and scene.status < 300


def points_of(stage: Stage) -> list[Point]:
    """Every call of a port that the request makes."""
    return [
        Point(port, method, nth) for (port, method), often in calls_of(stage).items() for nth in range(1, often + 1)
    ]


def calls_of(stage: Stage) -> Mapping[tuple[str, str], int]:
    """How often the request calls what, when nothing fails; then it has its effect, its record and its answer."""
    faults, released = Faults(), stage.released()
    with stage.opened(faults) as kit:
        reply = stage.send(kit)
    with at(f"{stage.scene.operation}, nothing failing"):
        assert reply.status == stage.scene.status, reply.text
        stage.discloses = stage.released() - released
        discloses = stage.leaks(reply)
        assert bool(stage.discloses) == discloses, (
            "a released secret without its record, or a record without its secret"
        )
        stage.check()
        assert stage.made() == int(stage.changes)
        if stage.changes:
            check_repeated(stage, reply)
    stage.put_back()
    return {called: often for called, often in faults.calls.items() if often}


def check_repeated(stage: Stage, first: Reply) -> None:
    """The same request with the same key again: the first answer, and no other effect."""
    with stage.opened(Faults()) as kit:
        again = stage.send(kit)
    assert (again.status, lasting(again)) == (first.status, lasting(first)), "the same key had another answer"
    assert again.headers.get("Idempotency-Replayed") == "true"
    assert stage.made() == 1, "the same key had another effect"
    stage.check()


def calls_of_aws(stage: DynamoStage) -> list[int]:
    """The numbers of the calls of AWS that the request makes."""
    with stage.opened(Faults()) as kit, stage.account.counted() as asked:
        stage.send(kit)
    stage.put_back()
    calls_of(stage)
    return list(range(1, asked.total() + 1))


def sampler(dice: random.Random, all_of_them: bool, struck: Callable[[int], None]) -> Sampled[Any]:
    """`struck` is told how many points the test strikes."""

    def some(points: Sequence[Any]) -> Sequence[Any]:
        chosen = points if all_of_them or len(points) <= SAMPLE else dice.sample(points, SAMPLE)
        struck(len(chosen))
        return chosen

    return some


@contextmanager
def at(place: str) -> Iterator[None]:
    """What fails in the block names the operation and the point."""
    try:
        yield
    except BaseException as error:
        error.add_note(place)
        raise
