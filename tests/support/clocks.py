"""A clock that a test moves."""

from datetime import datetime, timedelta

from llm_config.adapters.system.clock import SystemClock


class SteppedClock(SystemClock):
    """The system's clock, until it is stepped. `hasten` makes each look at the monotonic clock cost so many seconds."""

    def __init__(self) -> None:
        super().__init__()
        self._step = timedelta()
        self._hurry, self._looks = 0.0, 0

    def now(self) -> datetime:
        return super().now() + self._step

    def monotonic(self) -> float:
        self._looks += 1
        return super().monotonic() + self._step.total_seconds() + self._hurry * self._looks

    def step(self, seconds: float) -> None:
        self._step += timedelta(seconds=seconds)

    def hasten(self, seconds: float) -> None:
        self._hurry = seconds


class StillClock(SystemClock):
    """It is always this moment."""

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now

    def now(self) -> datetime:
        return self._now
