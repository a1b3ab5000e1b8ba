"""Running `llm-config` inside the test's process, and a home that serves in its own."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from llm_config_client.cli.main import main
from llm_config_domain.names import TenantId
from llm_config_local.adapters.issuer import LocalIssuer
from llm_config_local.home import signed_token

BIN = Path(sys.executable).parent
START_SECONDS = 60.0


@dataclass(frozen=True)
class Ended:
    exit_code: int
    stdout: str
    stderr: str


@dataclass
class ServedHome:
    """A home that answers over HTTP, and tokens of its issuer."""

    data_dir: Path
    url: str
    platform_token: str
    issuer: LocalIssuer
    _tenants: dict[str, TenantId] = field(default_factory=dict)

    def token(self, tenant: str, role: str) -> str:
        """As `llm-config-local token` prints it, made without the cost of a process."""
        if tenant == "platform":
            return self.platform_token
        return signed_token(self.issuer, time.time(), self._tenants[tenant], [role])

    def tenant(self, name: str) -> None:
        """A new tenant."""
        ended = self.run(["tenant", "create", name, "-o", "json"], tenant="platform")
        assert ended.exit_code == 0, ended.stderr
        self._tenants[name] = TenantId(json.loads(ended.stdout)["id"])

    def variables(self, tenant: str, role: str = "tenant-admin") -> dict[str, str]:
        """The environment in which a command works for `tenant`."""
        return {
            "HOME": str(self.data_dir / "nobody"),
            "PATH": os.environ["PATH"],
            "LLM_CONFIG_URL": self.url,
            "LLM_CONFIG_TOKEN": self.token(tenant, role),
        }

    def run(self, arguments: Sequence[str], *, tenant: str, stdin: str = "", **variables: str) -> Ended:
        return run(arguments, self.variables(tenant) | variables, stdin)


def run(arguments: Sequence[str], variables: Mapping[str, str], stdin: str = "") -> Ended:
    """One command with nothing in its environment but `variables`, and no terminal."""
    out, err = io.BytesIO(), io.BytesIO()
    stdout, stderr = (io.TextIOWrapper(raw, encoding="utf-8", write_through=True) for raw in (out, err))
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    with mock.patch.dict(os.environ, variables, clear=True), mock.patch.object(sys, "stdin", given):
        with redirect_stdout(stdout), redirect_stderr(stderr):
            exit_code = main(arguments)
        return Ended(exit_code, out.getvalue().decode(), err.getvalue().decode())


@contextmanager
def served(data_dir: Path) -> Iterator[ServedHome]:
    """A home on a free port until the end of the block; it must then end well."""
    ready = data_dir / "ready"
    options = ["--port", "0", "--data-dir", str(data_dir), "--ready-file", str(ready)]
    command = [str(BIN / "llm-config-local"), "serve", *options]
    with (data_dir / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            told = _wait(ready, process)
            yield ServedHome(data_dir, told["url"], told["platform_token"], LocalIssuer(data_dir, told["issuer"]))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(START_SECONDS)
    assert process.returncode == 0


def _wait(ready: Path, process: subprocess.Popen[bytes]) -> dict[str, str]:
    end = time.monotonic() + START_SECONDS
    while not ready.exists():
        assert process.poll() is None, "the home ended before it served"
        assert time.monotonic() < end, "the home does not serve"
        time.sleep(0.05)
    told: dict[str, str] = json.loads(ready.read_text())
    return told
