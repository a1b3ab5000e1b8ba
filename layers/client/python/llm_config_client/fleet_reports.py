"""Telling the fleet's view what this program holds, without IO: what to say, and when."""

import os
import re
import socket
from collections.abc import Callable

from llm_config_client import calls
from llm_config_client.core import Answer, Call
from llm_config_client.errors import Misconfigured
from llm_config_contract.configs import Changes
from llm_config_contract.fleet import FleetReceipt

AGAIN_SECONDS = 50.0
"""Before the service's minute is over."""
APART_SECONDS = 1.0
"""While much changes, at most one report a second."""
ITEMS = 50
Calls = list[Call[FleetReceipt]]


def own_instance() -> str:
    """This host and process, in the letters that an instance's id may have."""
    host = re.sub(r"[^A-Za-z0-9._-]", "-", socket.gethostname())[:100].strip("._-")
    return f"{host or 'host'}-{os.getpid()}"


class Reporter:
    """Of one watch. Asked whenever the watch hears something, after the program was done with it."""

    def __init__(
        self, service: str, instance: str | None, environment: str | None, monotonic: Callable[[], float]
    ) -> None:
        if environment is None:
            raise Misconfigured("a service that reports what it holds names its environment")
        self._service, self._instance = service, instance or own_instance()
        self._environment, self._monotonic = environment, monotonic
        self._held: dict[str, int] = {}
        self._news = False
        self._reported_at: float | None = None

    def heard(self, answer: Answer[Changes] | None) -> Calls:
        """What to report now. `answer` None: a sign of life, and nothing new."""
        if answer is not None:
            self._held |= answer.body.reached
            self._news = self._news or bool(answer.body.reached)
        if not self._held or not self._is_due():
            return []
        self._reported_at, self._news = self._monotonic(), False
        items = [
            {"namespace": namespace, "environment": self._environment, "revision": revision}
            for namespace, revision in self._held.items()
        ]
        parts = [items[first : first + ITEMS] for first in range(0, len(items), ITEMS)]
        return [calls.report_fleet(self._service, self._instance, part) for part in parts]

    def _is_due(self) -> bool:
        if self._reported_at is None:
            return True
        return self._monotonic() - self._reported_at >= (APART_SECONDS if self._news else AGAIN_SECONDS)
