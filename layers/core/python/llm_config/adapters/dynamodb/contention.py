"""Writers that meet at one place: who loses tries again after full jitter, for at most five seconds."""

import random
import time
from collections.abc import Iterator

from llm_config.ports.clock import Clock

LIMIT_SECONDS = 5
FIRST_PAUSE_SECONDS = 0.02
LONGEST_PAUSE_SECONDS = 0.5


def attempts(clock: Clock) -> Iterator[int]:
    """One number an attempt; it ends when the time is up, and then the writer is `Contended`."""
    deadline = clock.monotonic() + LIMIT_SECONDS
    attempt = 0
    while True:
        yield attempt
        longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2**attempt)
        pause = random.uniform(0, longest)  # noqa: S311 - jitter
        if clock.monotonic() + pause > deadline:
            return
        time.sleep(pause)
        attempt += 1
