"""Measuring: product and peers in turns, after the answer of each was found right.

A figure is what one operation costs, in CPU seconds wherever that is possible. What a row says is a ratio, taken in
each round between two neighbours in time: a busy machine moves both of them, and the median of the ratios hardly.
"""

import gc
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import repeat
from statistics import median
from typing import Any, Literal

from tests.bench.anchors import ANCHORS, Verdict, verdict

Unit = Literal["us", "ms", "per CPU-second", "per second"]
MOST_AT_ONCE = 1_000_000


class NotThere(Exception):
    """What would be measured, or what it would be measured with, is not on this machine; the text says what to do."""


class WrongAnswer(Exception):
    """A side did not give the right answer: what it would have cost means nothing."""


@dataclass(frozen=True, slots=True)
class Side:
    """One way of doing it. `once` does it and returns the answer; `cost` is what so many of them cost, in seconds."""

    name: str
    once: Callable[[], Any]
    is_right: Callable[[Any], bool]
    cost: Callable[[int], float] | None = None

    def seconds(self, times: int) -> float:
        return self.cost(times) if self.cost else cpu_seconds(self.once, times)


@dataclass(frozen=True, slots=True)
class Missing:
    """A peer that is not on this machine; `install` is how to have it."""

    name: str
    install: str


Peer = Side | Missing


@dataclass(frozen=True, slots=True)
class Contest:
    """`against` is the peer that the row is judged by; `beside` are told, not judged. `remark` is asked at the end."""

    product: Side
    against: Peer
    beside: Sequence[Peer] = ()
    remark: Callable[[], str] = str


@dataclass(frozen=True, slots=True)
class Row:
    """`how` says how to read it; its must and its goal stand in `ANCHORS` under its name, and nowhere else."""

    name: str
    title: str
    unit: Unit
    how: str
    open: Callable[[], AbstractContextManager[Contest]]

    @property
    def is_rate(self) -> bool:
        return self.unit.startswith("per")


@dataclass(frozen=True, slots=True)
class Compared:
    """One peer: its figure in the row's unit, and what the product is of it (median, least and most of the rounds)."""

    peer: str
    figure: float
    ratio: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Result:
    """`verdict` is about the first of `compared`, if that is the peer that the row is judged by."""

    name: str
    title: str
    unit: Unit
    how: str
    rounds: int
    product: float | None
    against: str
    compared: tuple[Compared, ...]
    must: float | None
    goal: float | None
    verdict: Verdict
    remark: str = ""
    missing: tuple[Missing, ...] = ()


def cpu_seconds(call: Callable[[], Any], times: int) -> float:
    """Of this process, all its threads."""
    began = time.process_time()
    for _ in repeat(None, times):
        call()
    return time.process_time() - began


def wall_seconds(call: Callable[[], Any], times: int) -> float:
    began = time.perf_counter()
    for _ in repeat(None, times):
        call()
    return time.perf_counter() - began


def measure(row: Row, rounds: int, slice_seconds: float) -> Result:
    """Raises WrongAnswer; what is not there is told, and not measured."""
    try:
        with row.open() as contest:
            return _contested(row, contest, rounds, slice_seconds)
    except NotThere as reason:
        return _told(row, rounds, remark=str(reason))


def _contested(row: Row, contest: Contest, rounds: int, slice_seconds: float) -> Result:
    peers = (contest.against, *contest.beside)
    sides = [contest.product, *(peer for peer in peers if isinstance(peer, Side))]
    for side in sides:
        if not side.is_right(side.once()):
            raise WrongAnswer(f"{row.name}: {side.name} gives a wrong answer, so it is not measured")
    times = {side.name: _enough(side, slice_seconds) for side in sides}
    costs = _costs(sides, times, rounds)
    product = costs.pop(contest.product.name)
    compared = tuple(_compared(row, name, product, cost) for name, cost in costs.items())
    missing = tuple(peer for peer in peers if isinstance(peer, Missing))
    judged = compared[0].ratio if compared and compared[0].peer == contest.against.name else None
    return _told(
        row, rounds, _figure(row, median(product)), contest.against.name, compared, judged, contest.remark(), missing
    )


def _costs(sides: Sequence[Side], times: dict[str, int], rounds: int) -> dict[str, list[float]]:
    """Of one operation, by side and round. Every other round goes the other way about."""
    costs: dict[str, list[float]] = {side.name: [] for side in sides}
    for turn in range(rounds):
        for side in sides if turn % 2 == 0 else reversed(sides):
            gc.collect()
            costs[side.name].append(side.seconds(times[side.name]) / times[side.name])
    return costs


def _enough(side: Side, slice_seconds: float) -> int:
    """How many operations fill a slice of time."""
    times = 1
    while (taken := side.seconds(times)) < slice_seconds / 4 and times < MOST_AT_ONCE:
        times *= 4
    return min(MOST_AT_ONCE, max(1, round(times * slice_seconds / max(taken, 1e-9))))


def _compared(row: Row, name: str, product: Sequence[float], peer: Sequence[float]) -> Compared:
    pairs = zip(product, peer, strict=True)
    ratios = [theirs / ours if row.is_rate else ours / theirs for ours, theirs in pairs]
    return Compared(name, _figure(row, median(peer)), median(ratios), min(ratios), max(ratios))


def _figure(row: Row, seconds: float) -> float:
    if row.is_rate:
        return 1 / seconds
    return seconds * (1e6 if row.unit == "us" else 1e3)


def _told(
    row: Row,
    rounds: int,
    product: float | None = None,
    against: str = "",
    compared: tuple[Compared, ...] = (),
    judged: float | None = None,
    remark: str = "",
    missing: tuple[Missing, ...] = (),
) -> Result:
    anchor = ANCHORS.get(row.name)
    must, goal = (anchor.must, anchor.goal) if anchor else (None, None)
    return Result(
        row.name, row.title, row.unit, row.how, rounds, product, against, compared, must, goal,
        verdict(anchor, judged, is_there=product is not None), remark, missing,
    )  # fmt: skip
