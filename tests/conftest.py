"""Fixtures that every room of the tests may use, and the count of the nets' cases."""

import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support import nets
from tests.support.homes import EmbeddedKit, embedded

# No test judges time: a busy machine must not fail a law because its examples came slowly.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


def pytest_configure(config: pytest.Config) -> None:
    # A run in the background of a shell ignores Ctrl-C, and so would every process that a test starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    _compile_once()
    nets.register(config)


def _compile_once() -> None:
    """Keep bytecode, also where PYTHONDONTWRITEBYTECODE is set: or each worker, and each of the hundreds of processes that
    tests start, compiles the whole project."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    nets.take_share(config, items)


def pytest_collection_finish() -> None:
    """What stands now stands to the end: nobody need look through it for rubbish."""
    gc.freeze()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[EmbeddedKit]:
    """An embedded home with the platform tenant and nothing else."""
    with embedded(tmp_path) as kit:
        yield kit
