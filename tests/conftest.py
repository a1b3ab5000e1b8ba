"""Fixtures that every room of the tests may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.homes import EmbeddedKit, embedded


@pytest.fixture
def home(tmp_path: Path) -> Iterator[EmbeddedKit]:
    """An embedded home with the platform tenant and nothing else."""
    with embedded(tmp_path) as kit:
        yield kit
