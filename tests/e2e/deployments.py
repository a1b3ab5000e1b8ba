"""Where the end-to-end suite runs: one address, and credentials of whichever tenant a test needs.

`LLM_CONFIG_E2E` says which home it is:

* `embedded` (the default)   a process of this machine, started and ended here
* `localstack`, `aws`        functions that are deployed, with the settings below; `make test-localstack` makes them for
                             its own, docs/end-to-end.md says where those of an account come from

    LLM_CONFIG_E2E_URL       the address of the API
    LLM_CONFIG_E2E_ISSUER    an issuer that the deployment trusts (LLM_CONFIG_ISSUERS of its functions) ...
    LLM_CONFIG_E2E_KEY       ... and the ARN of its KMS key, which the caller of this suite may sign with
"""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from llm_config.adapters.kms.token_keys import SCHEME, KmsTokenSigner
from llm_config_client import Client
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_local.home import signed_token
from tests.support.processes import served

HOME = "LLM_CONFIG_E2E"
SECONDS = 60
"""A first request may wait for a function's cold start, and for an emulator's."""
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
    """`sign` makes a token of (tenant, *roles)."""

    url: str
    sign: Callable[..., str]

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
    elif home in ("localstack", "aws"):
        yield _deployed()
    else:
        raise ValueError(f"{HOME} is embedded, localstack or aws")


def _deployed() -> Deployment:
    import boto3

    issuer, key = os.environ["LLM_CONFIG_E2E_ISSUER"], os.environ["LLM_CONFIG_E2E_KEY"]
    signer = KmsTokenSigner(boto3.client("kms"), issuer, SCHEME + key)

    def sign(tenant: TenantId, *roles: str) -> str:
        return signed_token(signer, time.time(), tenant, roles)

    return Deployment(os.environ["LLM_CONFIG_E2E_URL"], sign)


def settled(happened: Callable[[], bool], otherwise: str) -> None:
    """Wait for what may follow a write a moment later: lists, and answers from the memory of another container."""
    end = time.monotonic() + _SETTLES_SECONDS
    while not happened():
        assert time.monotonic() < end, otherwise
        time.sleep(0.2)
