"""A real embedded home in a process of its own: started, asked over HTTP, stopped, killed, and started again."""

import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx

from llm_config_domain.names import TenantId
from llm_config_local.adapters.issuer import LocalIssuer
from llm_config_local.home import signed_token

COMMAND = str(Path(sys.executable).with_name("llm-config-local"))
DEADLINE_SECONDS = 60
_POLL_SECONDS = 0.005
NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Plain http meets no certificate, and to read the authorities' file takes longer than an answer."""


def run(
    *arguments: str | Path, stdin: str | None = None, seconds: float = DEADLINE_SECONDS, **more: Any
) -> subprocess.CompletedProcess[str]:
    """`llm-config-local` with these arguments, to its end."""
    command = [COMMAND, *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=seconds, check=False, **more)


class Served:
    """One data directory and the process that serves it, if one does. `log` is what the process said."""

    def __init__(self, directory: Path, *options: str, environment: dict[str, str] | None = None) -> None:
        self.directory = directory
        self.ready_file = directory.with_name(directory.name + ".ready")
        self.log = directory.with_name(directory.name + ".log")
        self.url = self.platform_token = ""
        self._options = options
        self._environment = {**os.environ, **(environment or {})}
        self._process: subprocess.Popen[bytes] | None = None
        self._issuer: LocalIssuer | None = None

    def __enter__(self) -> "Served":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    @property
    def pid(self) -> int:
        return self._running().pid

    def launch(self) -> None:
        """Start the process and do not wait for it."""
        command = [COMMAND, "serve", "--port", "0", "--data-dir", str(self.directory)]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, "--ready-file", str(self.ready_file), *self._options],
                stdout=log,
                stderr=log,
                env=self._environment,
            )

    def start(self) -> "Served":
        """Start the process and wait until it serves."""
        self.launch()
        process = self._running()
        until(lambda: self._ready_of(process) or process.poll() is not None, "the home did not become ready")
        told = self._ready_of(process)
        if told is None:
            raise AssertionError(f"the home ended with {process.returncode}: {self.log.read_text()}")
        self.url, self.platform_token = told["url"], told["platform_token"]
        self._issuer = LocalIssuer(self.directory, told["issuer"])
        return self

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        process = self._running()
        process.send_signal(signal.SIGTERM)
        status = process.wait(DEADLINE_SECONDS)
        self._process = None
        return status

    def ended(self) -> int:
        """The exit status of a process that ends by itself."""
        status = self._running().wait(DEADLINE_SECONDS)
        self._process = None
        return status

    def kill(self) -> None:
        """SIGKILL, if there is a process: it is gone when this returns."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(DEADLINE_SECONDS)
            self._process = None

    def token(self, tenant: TenantId, *roles: str, **more: Any) -> str:
        """A token as `llm-config-local token` prints it, made without the cost of a process."""
        assert self._issuer is not None, "start the home first"
        return signed_token(self._issuer, time.time(), tenant, roles, **more)

    def client(self, token: str = "", *, timeout: float = 30) -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=self.url, headers=headers, timeout=timeout, trust_env=False, verify=NOBODY)

    def platform(self) -> httpx.Client:
        return self.client(self.platform_token)

    def tenant(self, name: str) -> TenantId:
        """A new tenant of this name."""
        with self.platform() as client:
            created = client.post("/api/v1/tenants", json={"name": name})
            assert created.status_code == 201, created.text
            return TenantId(created.json()["id"])

    def dump(self, what: str) -> list[dict[str, Any]]:
        return dump(self.directory, what)

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "no process serves this directory"
        return self._process

    def _ready_of(self, process: subprocess.Popen[bytes]) -> dict[str, Any] | None:
        """What the ready file says, if this process wrote it: a killed one leaves its own behind."""
        try:
            told: dict[str, Any] = json.loads(self.ready_file.read_text())
        except FileNotFoundError:
            return None
        return told if told["pid"] == process.pid else None


@contextmanager
def served(directory: Path, *options: str) -> Iterator[Served]:
    """A home that serves `directory`, killed at the end if it still runs."""
    with Served(directory, *options) as home:
        yield home.start()


def dump(directory: Path, what: str) -> list[dict[str, Any]]:
    done = run("dump", "--data-dir", directory, "--what", what)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def until(happened: Callable[[], Any], otherwise: str, *, seconds: float = DEADLINE_SECONDS) -> None:
    """Wait until it happened; fail with `otherwise` when it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, otherwise
        time.sleep(_POLL_SECONDS)
