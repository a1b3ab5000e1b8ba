"""Homes of both families, for what targets ask of ports."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_config_domain.names import TenantId
from tests.support.families import FAMILIES, HomeUnderTest


@pytest.fixture(params=sorted(FAMILIES, reverse=True))
def home(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[HomeUnderTest]:
    with FAMILIES[request.param](tmp_path, lambda: "".join(capsys.readouterr())) as tested:
        yield tested


@pytest.fixture
def acme(home: HomeUnderTest) -> TenantId:
    return home.tenant("acme")
