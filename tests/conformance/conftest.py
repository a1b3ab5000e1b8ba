"""Every case of this room runs on both families, and may not ask on which."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_config_cdk.reach import AUDIT
from llm_config_domain.names import TenantId
from tests.support.families import FAMILIES, HomeUnderTest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A case says on what it runs: some ports stand before PostgreSQL on AWS, and read what is new in DynamoDB."""
    if "home" in metafunc.fixturenames:
        port = metafunc.module.__name__.rpartition(".test_")[2]
        stores = {"dynamodb": "dynamodb-postgres"} if port in AUDIT else {}
        families = [pytest.param(name, id=stores.get(name, name)) for name in sorted(FAMILIES, reverse=True)]
        metafunc.parametrize("home", families, indirect=True)


@pytest.fixture
def home(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[HomeUnderTest]:
    """A home with the platform tenant."""
    with FAMILIES[request.param](tmp_path, lambda: "".join(capsys.readouterr())) as tested:
        yield tested


@pytest.fixture
def acme(home: HomeUnderTest) -> TenantId:
    return home.tenant("acme")
