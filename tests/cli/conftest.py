"""One served home for all the tests of the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import ServedHome, served


@pytest.fixture(scope="session")
def served_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedHome]:
    directory: Path = tmp_path_factory.mktemp("served")
    with served(directory) as home:
        yield home
