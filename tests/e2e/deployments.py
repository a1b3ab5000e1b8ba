"""Where the end-to-end suite runs: one address, and credentials of whichever tenant a test needs.

`LLM_CONFIG_E2E` says which home it is:

* `embedded` (the default)   a process of this machine, started and ended here
* `localstack`               the stacks in a LocalStack of this machine, started and ended here
* `aws`                      what is deployed in an account, with these settings (docs/end-to-end.md says where they are):

    LLM_CONFIG_E2E_URL       the address of the API
    LLM_CONFIG_E2E_ISSUER    an issuer that the deployment trusts ...
    LLM_CONFIG_E2E_KEY       ... and the ARN of its KMS key, which whoever runs the suite may sign with
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from llm_config.adapters.kms.token_keys import SCHEME, KmsTokenSigner
from llm_config_client import Client
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_local.home import signed_token
from tests.support.processes import served, until

HOME = "LLM_CONFIG_E2E"
SECONDS = 60
"""A first request may wait for a function's cold start, and for an emulator's."""
UP_SECONDS = 900
"""LocalStack's virtual environment takes four minutes the first time, its deployment one."""
_SETTLES_SECONDS = 20
"""Beyond the bound of a container's memory (5 s) and what an index needs to follow its table."""


@dataclass(frozen=True)
class Tenant:
    """A tenant of the deployment, and those who ask on its behalf."""

    id: TenantId
    name: str
    url: str
    sign: Callable[..., str]

    def token(self, *roles: str) -> str:
        return self.sign(self.id, *(roles or ("tenant-admin",)))

    def client(self, *roles: str) -> Client:
        return Client(self.url, self.token(*roles))

    def http(self, *roles: str) -> httpx.Client:
        """What the SDK would not send, or would not show."""
        return plain(self.url, self.token(*roles))


@dataclass(frozen=True)
class Deployment:
    """`sign` makes a token of (tenant, *roles). `aws` is where its account is, for boto3; empty for an embedded home."""

    url: str
    sign: Callable[..., str]
    aws: Mapping[str, str] = field(default_factory=dict)

    @property
    def platform(self) -> Tenant:
        return Tenant(PLATFORM, "platform", self.url, self.sign)

    def tenant(self, name: str) -> Tenant:
        with self.platform.client("global-admin") as client:
            made = client.create_tenant(name)
        return Tenant(TenantId(made.id), made.name, self.url, self.sign)


def plain(url: str, token: str = "") -> httpx.Client:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=url, headers=headers, timeout=SECONDS, trust_env=url.startswith("https:"))


@contextmanager
def deployment(directory: Path) -> Iterator[Deployment]:
    home = os.environ.get(HOME, "embedded")
    if home == "embedded":
        with served(directory / "home") as running:
            yield Deployment(running.url, running.token)
    elif home == "localstack":
        with _localstack(directory) as told:
            yield Deployment(told["url"], _signer(told["issuer"], told["key"], told["aws"]), told["aws"])
    elif home == "aws":
        issuer, key = os.environ["LLM_CONFIG_E2E_ISSUER"], os.environ["LLM_CONFIG_E2E_KEY"]
        yield Deployment(os.environ["LLM_CONFIG_E2E_URL"], _signer(issuer, key, {}))
    else:
        raise ValueError(f"{HOME} is embedded, localstack or aws")


@contextmanager
def _localstack(directory: Path) -> Iterator[dict[str, Any]]:
    """What `make localstack-up` says when it is up; ended by its pid."""
    ready = directory / "ready"
    command = [sys.executable, "-m", "llm_config_localstack", "--port", str(_free_port()), "--front-port", "0"]
    with subprocess.Popen([*command, "--ready-file", str(ready)]) as process:
        try:
            until(lambda: ready.exists() or process.poll() is not None, "it did not come up", seconds=UP_SECONDS)
            assert process.poll() is None, "it ended before it was up"
            told: dict[str, Any] = json.loads(ready.read_text())
            yield told
        finally:
            process.send_signal(signal.SIGTERM)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def client(service: str, aws: Mapping[str, str]) -> Any:
    """boto3's client for where `aws` says, or else for wherever boto3's own settings say."""
    import boto3

    if not aws:
        return boto3.client(service)  # type: ignore[call-overload]  # its overloads name every service
    session: Any = boto3.Session(aws["AWS_ACCESS_KEY_ID"], aws["AWS_SECRET_ACCESS_KEY"], region_name=aws["AWS_REGION"])
    return session.client(service, endpoint_url=aws["AWS_ENDPOINT_URL"])


def _signer(issuer: str, key: str, aws: Mapping[str, str]) -> Callable[..., str]:
    signer = KmsTokenSigner(client("kms", aws), issuer, SCHEME + key)

    def sign(tenant: TenantId, *roles: str) -> str:
        return signed_token(signer, time.time(), tenant, roles)

    return sign


def settled(happened: Callable[[], bool], otherwise: str) -> None:
    """Wait for what may follow a write a moment later: lists, and answers from the memory of another container."""
    end = time.monotonic() + _SETTLES_SECONDS
    while not happened():
        assert time.monotonic() < end, otherwise
        time.sleep(0.2)
