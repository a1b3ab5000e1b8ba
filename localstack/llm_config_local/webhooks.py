"""The one thread that tells subscribers what changed: after each commit, and now and then for what failed."""

import threading
from collections.abc import Callable
from typing import Any

from llm_config.operations.subscriptions.deliver_webhooks import DELIVER_WEBHOOKS
from llm_config.runtime import wiring
from llm_config.runtime.ticks import ran_once
from llm_config_local.adapters.store import SqliteStore
from llm_config_local.outlived import outlived

AGAIN_SECONDS = 5.0
"""Between two looks for a retry that is due."""


class Webhooks:
    """Delivers the webhooks of one home from `start` to `close`."""

    def __init__(self, store: SqliteStore, provide: Callable[[str], Any] = wiring.provide) -> None:
        self._provide = provide
        self._woken, self._stopped = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, name="webhooks", daemon=True)
        store.when_committed(self._woken.set)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """What is being sent comes to its end; the rest is for the next start."""
        self._stopped.set()
        self._woken.set()
        self._thread.join()

    def deliver(self) -> bool:
        """One walk, where somebody has subscribed: whether it could be performed."""
        if not self._provide("subscription_reader").active("", 1):
            return False
        return ran_once(DELIVER_WEBHOOKS, "webhooks", self._provide)

    def _serve(self) -> None:
        while not self._stopped.is_set():
            self._woken.clear()
            outlived(self.deliver)
            self._woken.wait(AGAIN_SECONDS)
