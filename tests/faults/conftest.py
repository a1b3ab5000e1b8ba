"""The AWS family, which this room makes fail.

Says at the end how many points were struck, and with which seed (LLM_CONFIG_TEST_SEED) the same ones are struck again.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.names import TenantId
from tests.faults.points import Sampled, sampler
from tests.support.aws import on_aws
from tests.support.families import DynamoHome
from tests.support.nets import SEED


@pytest.fixture
def aws_home(tmp_path: Path) -> Iterator[DynamoHome]:
    with on_aws(tmp_path) as kit:
        yield DynamoHome(kit, str)


@pytest.fixture
def acme(aws_home: DynamoHome) -> TenantId:
    return aws_home.tenant("acme")


@pytest.fixture
def some(thorough: bool, request: pytest.FixtureRequest) -> Sampled[Any]:
    """Which points a test strikes; how many is its user property `struck`.

    Its dice are its own: it strikes the same points alone as among all the other tests.
    """
    dice = random.Random(f"{os.environ[SEED]} {request.node.name}")
    return sampler(dice, thorough, lambda number: request.node.user_properties.append(("struck", number)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for found in terminalreporter.stats.values() for report in found]
    called = [report for report in reports if getattr(report, "when", "") == "call"]
    struck = [int(dict(report.user_properties).get("struck", 0)) for report in called]
    if any(struck):
        terminalreporter.write_line(f"{sum(struck)} points struck by crashes and faults, {SEED}={os.environ[SEED]}")
