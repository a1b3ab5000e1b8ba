from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes import Served, served


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Served]:
    """A home in a process of its own."""
    with served(tmp_path / "home") as home:
        yield home
