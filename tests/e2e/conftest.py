"""One deployment and two tenants for the whole suite; each test works in a namespace of its own."""

import os
import uuid
from collections.abc import Iterator

import httpx
import pytest

from llm_config_client import Client
from tests.e2e.deployments import HOME, Deployment, Tenant, deployment

collect_ignore = ["test_audit.py", "test_searching.py"] if os.environ.get(HOME) == "localstack" else []
"""LocalStack has no PostgreSQL: its stage is deployed without the audit (docs/end-to-end.md)."""


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployment(tmp_path_factory.mktemp("e2e")) as running:
        yield running


@pytest.fixture(scope="session")
def acme(deployed: Deployment) -> Tenant:
    return deployed.tenant(f"e2e-acme-{uuid.uuid4().hex[:12]}")


@pytest.fixture(scope="session")
def acme_corp(deployed: Deployment, acme: Tenant) -> Tenant:
    """Another tenant, whose name begins as the first one's does."""
    return deployed.tenant(f"{acme.name}-corp")


@pytest.fixture
def client(acme: Tenant) -> Iterator[Client]:
    """acme's administrator."""
    with acme.client() as opened:
        yield opened


@pytest.fixture
def http(acme: Tenant) -> Iterator[httpx.Client]:
    with acme.http() as opened:
        yield opened


@pytest.fixture
def space() -> str:
    """A namespace that no other test and no earlier run has touched."""
    return f"e2e/{uuid.uuid4().hex}"
