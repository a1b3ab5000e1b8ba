"""The one thread that looks what is due: schedules that have come, rotations that were parked and those that died, ends of
secrets that must be told of."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from llm_config.operations.events.sweep_journal import SWEEP_JOURNAL
from llm_config.operations.rotations.run_due_rotation import RUN_DUE_ROTATION
from llm_config.operations.secrets.tell_expiry import TELL_EXPIRY
from llm_config.runtime import wiring
from llm_config.runtime.ticks import AT_ONCE, ran, ran_once
from llm_config_domain import times
from llm_config_domain.rotation.agenda import Due
from llm_config_domain.rotation.entries import PATIENCE_SECONDS
from llm_config_local.adapters.engine import EmbeddedEngine
from llm_config_local.outlived import outlived
from llm_config_local.state_machines import PARKED_SECONDS, Runs

TICK_SECONDS = 1.0
SWEEP_SECONDS = 300
AGAIN_SECONDS = 10
"""Between two looks after one rotation: what dies at once is not begun all the time."""


class Ticker:
    """Runs the rotations of one home from `start` to `close`."""

    def __init__(self, engine: EmbeddedEngine, provide: Callable[[str], Any] = wiring.provide) -> None:
        self._provide, self._engine = provide, engine
        self.runs = Runs(lambda: provide("clock").now())
        self._tried: dict[str, float] = {}
        self._swept_at = provide("clock").monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="ticker", daemon=True)

    def start(self) -> None:
        self._engine.connect(self.runs.begin)
        self._thread.start()

    def close(self) -> None:
        """Steps that run come to their end; what waits is found at the next start."""
        self._stopped.set()
        self._thread.join()
        self._engine.connect(None)
        self.runs.close()

    def tick(self) -> int:
        """How many were begun. In this process nothing need be waited for to count as dead: it is alive, or it is not."""
        now = self._provide("clock").now()
        until = now + timedelta(seconds=PATIENCE_SECONDS + PARKED_SECONDS)
        due = self._provide("rotation_agenda").due(times.rfc3339(until), AT_ONCE)
        wanted = [one for one in due if self._is_wanted(one, times.rfc3339(now))]
        return sum(ran(RUN_DUE_ROTATION, one, "ticker", self._provide) for one in wanted)

    def sweep(self) -> bool:
        """What the follower put aside is tried again, each five minutes. Whether this was the time for it."""
        seconds: float = self._provide("clock").monotonic()
        if seconds - self._swept_at < SWEEP_SECONDS:
            return False
        self._swept_at = seconds
        ran_once(SWEEP_JOURNAL, "ticker", self._provide)
        return True

    def tell(self) -> int:
        """How many ends of secrets were looked at."""
        due = self._provide(TELL_EXPIRY.agenda).due(times.rfc3339(self._provide("clock").now()), AT_ONCE)
        return sum(ran(TELL_EXPIRY, one, "ticker", self._provide) for one in due)

    def _is_wanted(self, due: Due, now: str) -> bool:
        if due.rotation_id is None:
            return due.at <= now
        if self.runs.is_alive(due.rotation_id, due.attempt):
            return False
        seconds: float = self._provide("clock").monotonic()
        again = seconds - self._tried.get(due.rotation_id, -AGAIN_SECONDS) >= AGAIN_SECONDS
        if again:
            self._tried = {**dict(list(self._tried.items())[-AT_ONCE:]), due.rotation_id: seconds}
        return again

    def _serve(self) -> None:
        while not self._stopped.wait(TICK_SECONDS):
            for look in (self.tick, self.sweep, self.tell):
                outlived(look)
