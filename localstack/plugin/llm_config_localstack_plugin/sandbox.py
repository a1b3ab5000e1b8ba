"""One execution environment: a process of the runtime interface client, and the Runtime API that it talks to."""

import os
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from llm_config_localstack_plugin.runtime_api import Invocation, Outcome, RuntimeApi

T = TypeVar("T")
START_SECONDS = 30.0
POLL_SECONDS = 0.05
_KEPT_LINES = 1000


class InitFailed(Exception):
    """The function's code cannot be loaded; `outcome` is how its runtime described it."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("the function failed to start")
        self.outcome = outcome


class Sandbox:
    """Starts in `directory` with exactly `environment`; the process group ends with it."""

    def __init__(self, command: Sequence[str], directory: Path, environment: Mapping[str, str]) -> None:
        self._command, self._directory, self._environment = command, directory, environment
        self._lines: deque[str] = deque(maxlen=_KEPT_LINES)
        self._api: RuntimeApi | None = None
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Raises InitFailed."""
        api = self._api = RuntimeApi()
        threading.Thread(target=api.serve_forever, args=(POLL_SECONDS,), daemon=True).start()
        self._process = subprocess.Popen(  # noqa: S603 - what the service was told to run
            self._command,
            cwd=self._directory,
            env={**self._environment, "AWS_LAMBDA_RUNTIME_API": api.address},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        threading.Thread(target=self._watch, args=(self._process, api), daemon=True).start()
        failed = _within(api.ready, START_SECONDS, Outcome.failure("Runtime.InitTimeout", "the runtime did not start"))
        if failed:
            self.stop()
            raise InitFailed(failed)

    def invoke(self, invocation: Invocation, seconds: float) -> Outcome:
        """What came of it within `seconds`. A process that was too slow, or ended, is replaced at the next call."""
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self.start()
        assert self._api is not None
        late = Outcome.failure("Sandbox.Timedout", f"Task timed out after {seconds:.2f} seconds")
        outcome = _within(self._api.ask(invocation), seconds, late)
        if outcome is late:
            self.stop()
        return outcome

    def said(self) -> str:
        """What the process wrote since this was asked last."""
        lines = [self._lines.popleft() for _ in range(len(self._lines))]
        return "".join(lines)

    def stop(self) -> None:
        process, api, self._process, self._api = self._process, self._api, None, None
        if process and process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if api:
            api.close()

    def _watch(self, process: subprocess.Popen[str], api: RuntimeApi) -> None:
        assert process.stdout is not None
        with process.stdout as said:
            self._lines.extend(said)
        api.broke(Outcome.failure("Runtime.ExitError", f"Runtime exited with error: exit status {process.wait()}"))


def deadline_ms(seconds: float) -> int:
    return int((time.time() + seconds) * 1000)


def _within(future: Future[T], seconds: float, otherwise: T) -> T:
    try:
        return future.result(timeout=seconds)
    except TimeoutError:
        return otherwise
