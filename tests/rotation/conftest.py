"""Rotations as they run: the state machine in process, the real store, a target that misbehaves on demand."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rotation.running import Running, running


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as found:
        yield found
