"""The one thread that makes what was too large for an answer: exports of the audit, one after the other."""

import threading
from contextlib import suppress

from llm_config.operations.audit.make_audit_export import MAKE_AUDIT_EXPORT
from llm_config.operations.perform import Provide
from llm_config.runtime import wiring
from llm_config.runtime.task import Defect, run_task
from llm_config_domain.errors import Refusal
from llm_config_local.adapters.audit_exports import FileAuditExports

LOOK_SECONDS = 0.5
AGAIN_SECONDS = 10
"""After one that failed."""


class Exporter:
    """Makes the exports of one home from `start` to `close`. What was ordered before a restart is made after it."""

    def __init__(self, exports: FileAuditExports, provide: Provide = wiring.provide) -> None:
        self._exports, self._provide = exports, provide
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="exporter", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """One that is being made is finished."""
        self._stopped.set()
        self._thread.join()

    def step(self) -> bool:
        """Make what is ordered. Whether all of it could be made."""
        self._exports.forget()
        failed = [order for order in self._exports.orders() if not self._made(order)]
        return not failed

    def _made(self, order: dict[str, object]) -> bool:
        with suppress(Refusal, Defect):
            run_task(MAKE_AUDIT_EXPORT, order, "exporter", self._provide)
            return True
        return False

    def _serve(self) -> None:
        pause = LOOK_SECONDS
        while not self._stopped.wait(pause):
            pause = LOOK_SECONDS if self.step() else AGAIN_SECONDS
