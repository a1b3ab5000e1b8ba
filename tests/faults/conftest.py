"""The AWS family, which this room makes fail."""

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.names import TenantId
from tests.faults.points import Sampled, sampler
from tests.support.aws import on_aws
from tests.support.families import DynamoHome


@pytest.fixture
def aws_home(tmp_path: Path) -> Iterator[DynamoHome]:
    with on_aws(tmp_path) as kit:
        yield DynamoHome(kit, str)


@pytest.fixture
def acme(aws_home: DynamoHome) -> TenantId:
    return aws_home.tenant("acme")


@pytest.fixture(scope="session")
def net_seed() -> int:
    return int(os.environ.get("LLM_CONFIG_TEST_SEED") or random.SystemRandom().randrange(2**32))


@pytest.fixture
def some(net_seed: int, thorough: bool, request: pytest.FixtureRequest) -> Sampled[Any]:
    """Which points a test strikes; how many is its user property `struck`.

    Its dice are its own: it strikes the same points alone as among all the other tests.
    """
    if not thorough:
        sys.stdout.write(f"LLM_CONFIG_TEST_SEED={net_seed}\n")
    dice = random.Random(f"{net_seed} {request.node.name}")
    return sampler(dice, thorough, lambda number: request.node.user_properties.append(("struck", number)))
