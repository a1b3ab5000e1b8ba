"""The machine's clock, set off by a fixed number of seconds where a test asks for it."""

import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    def __init__(self, offset_seconds: float = 0) -> None:
        self._offset = timedelta(seconds=offset_seconds)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._offset

    def monotonic(self) -> float:
        return time.monotonic()
