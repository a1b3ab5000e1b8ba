"""Ports that fail on demand: the same interface around any adapter, and what strikes it.

Nobody above knows that the wrapper is there: what fails raises what an adapter raises. No deployed function can reach
this module; an embedded home is given its faults by whoever starts it.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from llm_config_domain.errors import Unavailable
from llm_config_domain.journal import JournalEntry

SLOW_SECONDS = 2.0
CRASHED_STATUS = 70
EVERY = None
JOURNAL = "journal"
BEHIND = frozenset({"access_log", "request_log"})
"""Ports that never raise: what they fail to take is lost."""


class Kind(StrEnum):
    ERROR = "error"
    TIMEOUT = "timeout"
    SLOW = "slow"
    AFTER_EFFECT = "after_effect"
    CRASH = "crash"


_BEFORE = frozenset({Kind.ERROR, Kind.TIMEOUT})


@dataclass(frozen=True, slots=True)
class Fault:
    """`method` may be `*`; `nth` counts the calls of each method from 1, or is EVERY."""

    port: str
    method: str
    nth: int | None
    kind: Kind

    def __str__(self) -> str:
        return f"{self.kind} at {self.port}.{self.method} ({'every' if self.nth is EVERY else self.nth})"

    def strikes(self, port: str, method: str, calls: range) -> bool:
        return self.port == port and self.method in ("*", method) and (self.nth is EVERY or self.nth in calls)


class Crashed(BaseException):
    """The process ended here. Nothing catches it; a home that serves ends for real instead."""


def unavailable() -> BaseException:
    return Unavailable("a fault was asked for here")


def end_process() -> None:
    os._exit(CRASHED_STATUS)


class Faults:
    """Counts the calls of every port's methods, and strikes those that a fault names. Safe under threads.

    `fail` makes what is raised, `sleep` waits, `crash` ends the process: a test brings its own.
    """

    def __init__(
        self,
        faults: Sequence[Fault] = (),
        *,
        fail: Callable[[], BaseException] = unavailable,
        sleep: Callable[[float], Any] = time.sleep,
        crash: Callable[[], None] = end_process,
    ) -> None:
        self._faults, self._fail, self._sleep, self._crash = faults, fail, sleep, crash
        self._calls: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    @property
    def calls(self) -> Mapping[tuple[str, str], int]:
        """(port, method) -> how often it was called; `journal.append` by its entries, wherever they ride."""
        with self._lock:
            return dict(self._calls)

    def around(self, factories: Mapping[str, Callable[[], Any]]) -> dict[str, Callable[[], Any]]:
        """A family's factories, each adapter in a wrapper."""
        return {port: partial(_wrapped, port, make, self) for port, make in factories.items()}

    def strike(self, places: Mapping[tuple[str, str], int], call: Callable[[], Any]) -> Any:
        """`call`, unless a fault of one of its `places` (and how often it counts there) is due."""
        kinds = {kind for (port, method), weight in places.items() for kind in self._due(port, method, weight)}
        if Kind.CRASH in kinds:
            self._crash()
        if Kind.SLOW in kinds:
            self._sleep(SLOW_SECONDS)
        if kinds & _BEFORE:
            raise self._fail()
        try:
            return call()
        finally:  # whatever it said, nobody hears of it
            if Kind.AFTER_EFFECT in kinds:
                raise self._fail()

    def _due(self, port: str, method: str, weight: int) -> list[Kind]:
        with self._lock:
            before = self._calls[port, method]
            self._calls[port, method] += weight
        calls = range(before + 1, before + weight + 1)
        return [fault.kind for fault in self._faults if fault.strikes(port, method, calls)] if weight else []


class Faulty:
    """Stands before an adapter of any port. An entry that rides in a writer's transaction is an append to the journal."""

    def __init__(self, port: str, adapter: Any, faults: Faults) -> None:
        self._port, self._adapter, self._faults = port, adapter, faults

    def __getattr__(self, method: str) -> Any:
        target = getattr(self._adapter, method)

        def called(*given: Any, **named: Any) -> Any:
            return self._faults.strike(self._places(method, given, named), lambda: target(*given, **named))

        return called

    def _places(self, method: str, given: tuple[Any, ...], named: Mapping[str, Any]) -> dict[tuple[str, str], int]:
        if self._port == JOURNAL:
            return {(JOURNAL, method): len(named.get("entries", given[0] if given else ()))}
        riding = _riding(given, named)
        return {(self._port, method): 1, **({(JOURNAL, "append"): riding} if riding else {})}


def _riding(given: tuple[Any, ...], named: Mapping[str, Any]) -> int:
    """How many entries a writer is handed: one by name, or one in each of its steps."""
    steps = given[0] if given and isinstance(given[0], Sequence) and not named.get("dry_run") else ()
    carried = [named.get("entry"), *(getattr(step, "entry", None) for step in steps)]
    return sum(isinstance(entry, JournalEntry) for entry in carried)


class FaultyLog:
    """Before a log, which never raises: what it fails to take is lost, and the gap of a lost access shows.

    `lose` tells the adapter, if it keeps count of what it lost.
    """

    def __init__(self, port: str, adapter: Any, faults: Faults) -> None:
        self._port, self._adapter, self._faults = port, adapter, faults
        self._lose = getattr(adapter, "lose", lambda told: None)

    def __getattr__(self, method: str) -> Callable[[Any], None]:
        take = getattr(self._adapter, method)

        def called(told: Any) -> None:
            taken: list[Any] = []
            try:
                self._faults.strike({(self._port, method): 1}, lambda: taken.append(take(told)))
            except Unavailable:
                if not taken:
                    self._lose(told)

        return called


def _wrapped(port: str, make: Callable[[], Any], faults: Faults) -> Any:
    return FaultyLog(port, make(), faults) if port in BEHIND else Faulty(port, make(), faults)
