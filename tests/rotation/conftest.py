"""Rotations as they run: the state machine in process, the real store, a target that misbehaves on demand or a real one."""

import os
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.rotation.running import Running, running
from tests.support.guarded_postgres import served_postgres


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Running]:
    with running(tmp_path) as found:
        yield found


@pytest.fixture
def admin() -> Iterator[dict[str, Any]]:
    with served_postgres() as login:
        yield login


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("LLM_CONFIG_TEST_SEED") or random.SystemRandom().randrange(2**32))


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints a line past the capture: figures are for people."""

    def printed(text: str) -> None:
        with capsys.disabled():
            sys.stdout.write(f"\n  {text}\n")

    return printed
