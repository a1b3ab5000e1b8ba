"""Where an operation can be struck: counted by one run of it, and sampled where all of them would take too long."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from llm_config_local.adapters.faulty import Fault, Faults, Kind
from tests.faults.stages import DynamoStage, Stage
from tests.support.exemplars import Exemplar, exemplar, read
from tests.support.golden import cases

SAMPLE = 4
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
    every = cases()
    often = [each for each in every if exemplar(each[0]).case == each[1] or _on_top(read(*each))]
    return [
        *(pytest.param(*each, False, id=f"{net}: {' '.join(each)}, sampled") for each in often),
        *(pytest.param(*each, True, id=f"{net}: {' '.join(each)}, all", marks=pytest.mark.deep) for each in every),
    ]


def _on_top(scene: Exemplar) -> bool:
    return bool(scene.given) and scene.status < 300


def points_of(stage: Stage) -> list[Point]:
    """Every call of a port that the request makes."""
    return [
        Point(port, method, nth) for (port, method), often in calls_of(stage).items() for nth in range(1, often + 1)
    ]


def calls_of(stage: Stage) -> Mapping[tuple[str, str], int]:
    faults, released = Faults(), stage.released()
    with stage.opened(faults) as kit:
        reply = stage.send(kit)
    assert reply.status == stage.scene.status, reply.text
    stage.discloses = stage.released() - released
    stage.put_back()
    return {called: often for called, often in faults.calls.items() if often}


def calls_of_aws(stage: DynamoStage) -> list[int]:
    """The numbers of the calls of AWS that the request makes."""
    with stage.opened(Faults()) as kit, stage.account.counted() as asked:
        stage.send(kit)
    stage.put_back()
    calls_of(stage)
    return list(range(1, asked.total() + 1))


def sampler(dice: random.Random, all_of_them: bool) -> Sampled[Any]:
    def some(points: Sequence[Any]) -> Sequence[Any]:
        return points if all_of_them or len(points) <= SAMPLE else dice.sample(points, SAMPLE)

    return some


@contextmanager
def at(place: str) -> Iterator[None]:
    """What fails in the block names the operation and the point."""
    try:
        yield
    except BaseException as error:
        error.add_note(place)
        raise
