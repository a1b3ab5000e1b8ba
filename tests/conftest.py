"""Fixtures that every room of the tests may use, and the count of the nets' cases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import nets
from tests.support.homes import EmbeddedKit, embedded


def pytest_configure(config: pytest.Config) -> None:
    nets.register(config)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[EmbeddedKit]:
    """An embedded home with the platform tenant and nothing else."""
    with embedded(tmp_path) as kit:
        yield kit
