"""Following the change feed without IO: where it goes on, and how long to wait when there is nothing new."""

from collections.abc import Callable

from llm_config_client import calls
from llm_config_client.core import Call
from llm_config_contract.configs import Changes

LIMIT = 1000
WAIT_SECONDS = 20
"""For how long the service may hold a question that has no answer yet."""
CATCH_UP_SECONDS = 0.1
"""Before the next question when the feed moved on over changes that are not for this reader."""


class Feed:
    """One place in the feed that moves on. `token` is where: what was told before it is done with."""

    def __init__(
        self,
        namespace: str,
        since: str,
        environment: str | None,
        interval: float,
        monotonic: Callable[[], float],
    ) -> None:
        self.token = since
        self._namespace, self._environment = namespace, environment
        self._interval, self._monotonic = interval, monotonic
        self._asked = 0.0

    def next(self, wait: int = WAIT_SECONDS) -> Call[Changes]:
        """What to ask now. `wait`: for how long the service may hold it."""
        self._asked = self._monotonic()
        return calls.changes(self._namespace, self.token, environment=self._environment, wait=wait, limit=LIMIT)

    def hear(self, page: Changes) -> float:
        """The seconds to wait before the next question: none while the feed moves, and less for what the service
        waited already."""
        moved, self.token = page.next != self.token, page.next
        if page.changes:
            return 0.0
        pause = min(self._interval, CATCH_UP_SECONDS) if moved else self._interval
        return max(0.0, pause - (self._monotonic() - self._asked))
