"""Every case of this room runs on both families, and may not ask on which."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_config_domain.names import TenantId
from tests.support.families import FAMILIES, HomeUnderTest


@pytest.fixture(params=sorted(FAMILIES, reverse=True))
def home(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[HomeUnderTest]:
    """A home with the platform tenant."""
    with FAMILIES[request.param](tmp_path, lambda: "".join(capsys.readouterr())) as tested:
        yield tested


@pytest.fixture
def acme(home: HomeUnderTest) -> TenantId:
    return home.tenant("acme")
