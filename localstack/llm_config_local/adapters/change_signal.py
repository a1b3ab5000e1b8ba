"""Waiting for a change in the embedded store: one thread looks at what was committed, and wakes whom it concerns.

A caller that has a thread of its own waits in it. A request of the front has none to spare: its thread is given back
(`Parked`), it waits in the front's event loop, and is asked again from its beginning when it is woken (`Parking`).
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from llm_config.ports.change_signal import Heard
from llm_config_domain.names import TenantId
from llm_config_domain.policy import matches_glob
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore

MAX_WAITING = 10_000
MAX_WAITING_OF_A_TENANT = 2_000
"""Nobody takes all the places."""
Wake = Callable[[], object]
_LINES = "SELECT namespace, revision FROM revisions WHERE tenant = ? AND line = ?"
_LAST = "SELECT coalesce(max(sequence), 0) FROM journal"


@dataclass(frozen=True, slots=True, eq=False)
class Waiter:
    tenant: TenantId
    glob: str
    wake: Wake


class Parked(BaseException):
    """No answer yet, and no thread is needed until there is one. It passes everything that records and answers: nothing
    was answered."""


class Parking:
    """The place of one request of the front, from its first wait to its answer. `wake` is called from another thread."""

    def __init__(self, wake: Wake, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.wake, self._monotonic = wake, monotonic
        self.until: float | None = None
        """When its time is over (monotonic seconds); known from the first wait on."""
        self.ended = False
        """The home stops: nobody waits any more."""
        self._leave: Wake = lambda: None

    @property
    def left(self) -> float:
        """Seconds until its time is over."""
        return max(0.0, (self.until or 0.0) - self._monotonic())

    def take(self, leave: Wake) -> None:
        self._leave = leave

    def leave(self) -> None:
        """Free the place: the request is woken, or nobody is there any more."""
        self._leave()


PARKING: ContextVar[Parking | None] = ContextVar("parking", default=None)
"""Where the request of this context waits; None: in its own thread."""


class SqliteChangeSignal:
    """Implements `change_signal`."""

    def __init__(
        self,
        store: SqliteStore,
        monotonic: Callable[[], float] = time.monotonic,
        max_waiting: int = MAX_WAITING,
        max_of_a_tenant: int = MAX_WAITING_OF_A_TENANT,
    ) -> None:
        self._store, self._monotonic = store, monotonic
        self._max_waiting, self._max_of_a_tenant = max_waiting, max_of_a_tenant
        self._waiting: set[Waiter] = set()
        self._of_tenant: Counter[TenantId] = Counter()
        self._lock, self._woken = threading.Lock(), threading.Event()
        self._ended = False
        with store.snapshot() as db:
            self._mark: int = db.execute(_LAST).fetchone()[0]
        self._thread = threading.Thread(target=self._serve, name="change-signal", daemon=True)
        store.when_committed(self._woken.set)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._waiting)

    def wait(self, tenant: TenantId, glob: str, known: Mapping[str, int], seconds: float) -> Heard:
        parking = PARKING.get()
        if parking is not None:
            return self._park(parking, tenant, glob, known, seconds)
        until, woken = self._monotonic() + seconds, threading.Event()
        with self._entered(Waiter(tenant, glob, woken.set)) as taken:
            while not self._moved(tenant, glob, known):
                if not taken:
                    return Heard.FULL
                if self._ended or not woken.wait(max(0.0, until - self._monotonic())):
                    return Heard.NOTHING
                woken.clear()
            return Heard.CHANGED

    def end(self) -> None:
        """From now on nobody waits: those who do are woken, and find that their time is over."""
        self._ended = True
        self._wake(list(self._waiting))

    def close(self) -> None:
        self.end()
        self._woken.set()
        self._thread.join()

    def _park(self, parking: Parking, tenant: TenantId, glob: str, known: Mapping[str, int], seconds: float) -> Heard:
        if parking.until is None:
            parking.until = self._monotonic() + seconds
        waiter = Waiter(tenant, glob, parking.wake)
        taken = self._enter(waiter)
        parking.take(lambda: self._leave(waiter))
        parking.ended = self._ended  # looked at once: whom an end later than this finds waiting, it wakes
        moved = self._moved(tenant, glob, known)
        if moved or not taken or parking.ended or self._monotonic() >= parking.until:
            parking.leave()
            return Heard.CHANGED if moved else Heard.NOTHING if taken else Heard.FULL
        raise Parked

    @contextmanager
    def _entered(self, waiter: Waiter) -> Iterator[bool]:
        taken = self._enter(waiter)
        try:
            yield taken
        finally:
            self._leave(waiter)

    def _enter(self, waiter: Waiter) -> bool:
        """Before anybody looks: what is committed from now on wakes this one."""
        with self._lock:
            full = len(self._waiting) >= self._max_waiting
            if full or self._of_tenant[waiter.tenant] >= self._max_of_a_tenant:
                return False
            self._waiting.add(waiter)
            self._of_tenant[waiter.tenant] += 1
            return True

    def _leave(self, waiter: Waiter) -> None:
        with self._lock:
            if waiter in self._waiting:
                self._waiting.remove(waiter)
                self._of_tenant[waiter.tenant] -= 1
                if not self._of_tenant[waiter.tenant]:
                    del self._of_tenant[waiter.tenant]

    def _moved(self, tenant: TenantId, glob: str, known: Mapping[str, int]) -> bool:
        condition, parameters = rows.namespaces(glob)
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            found = db.execute(f"{_LINES} AND {condition}", (tenant, rows.CONFIGS, *parameters))
            return any(revision > known.get(namespace, 0) for namespace, revision in found)

    def _serve(self) -> None:
        while not self._ended:
            self._woken.wait()
            self._woken.clear()
            self._wake(self._concerned())

    def _concerned(self) -> list[Waiter]:
        """Those whose namespaces were written in since the last look; all of them when it cannot be known."""
        with self._lock:
            waiting = list(self._waiting)
        try:
            self._mark, written = self._committed(self._mark)
        except Exception:  # whatever it was: this thread must outlive it, and each waiter's own look tells what it is
            return waiting
        return [
            waiter
            for waiter in waiting
            if any(matches_glob(waiter.glob, namespace) for namespace in written.get(waiter.tenant, ()))
        ]

    def _committed(self, after: int) -> tuple[int, dict[TenantId, set[str]]]:
        """(the last row of the journal, tenant -> the namespaces whose configs were written behind row `after`)."""
        with self._store.snapshot() as db:
            (last,) = db.execute(_LAST).fetchone()
            found = db.execute(
                "SELECT tenant, namespace FROM journal WHERE sequence > ? AND line = ?", (after, rows.CONFIGS)
            )
            written: dict[TenantId, set[str]] = {}
            for tenant, namespace in found:
                written.setdefault(tenant, set()).add(namespace)
        return last, written

    @staticmethod
    def _wake(waiters: list[Waiter]) -> None:
        for waiter in waiters:
            waiter.wake()
