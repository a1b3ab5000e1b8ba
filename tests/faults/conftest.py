"""The AWS family, which this room makes fail."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_config_domain.names import TenantId
from tests.support.aws import on_aws
from tests.support.families import DynamoHome


@pytest.fixture
def aws_home(tmp_path: Path) -> Iterator[DynamoHome]:
    with on_aws(tmp_path) as kit:
        yield DynamoHome(kit, str)


@pytest.fixture
def acme(aws_home: DynamoHome) -> TenantId:
    return aws_home.tenant("acme")
