"""Waiting for a change on AWS, where nothing calls a function that runs: it looks at the lines, less and less often."""

import time
from collections.abc import Callable, Mapping

from llm_config.adapters.dynamodb.change_feed import DynamoChangeFeed
from llm_config.ports.change_signal import Heard
from llm_config.ports.clock import Clock
from llm_config_domain.names import TenantId

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.25, 2.0
MAX_LINES = 1000
"""More than a follower can have."""


class DynamoChangeSignal:
    """Implements `change_signal`. It never says FULL: a container answers one request at a time, and how many containers
    may wait is the function's reserved concurrency."""

    def __init__(self, feed: DynamoChangeFeed, clock: Clock, sleep: Callable[[float], object] = time.sleep) -> None:
        self._feed, self._clock, self._sleep = feed, clock, sleep

    def wait(self, tenant: TenantId, glob: str, known: Mapping[str, int], seconds: float) -> Heard:
        until, pause = self._clock.monotonic() + seconds, FIRST_PAUSE_SECONDS
        while not self._moved(tenant, glob, known):
            left = until - self._clock.monotonic()
            if left <= 0:
                return Heard.NOTHING
            self._sleep(min(pause, left))
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
        return Heard.CHANGED

    def _moved(self, tenant: TenantId, glob: str, known: Mapping[str, int]) -> bool:
        lines = self._feed.lines(tenant, glob, "", MAX_LINES)
        return any(revision > known.get(namespace, 0) for namespace, revision in lines)
