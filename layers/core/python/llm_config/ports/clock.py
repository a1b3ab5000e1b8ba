from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    def now(self) -> datetime:
        """The time in UTC. It may step either way: order is never taken from it."""
        ...

    def monotonic(self) -> float:
        """Seconds that only go up, for durations."""
        ...
