"""The front under attack: one embedded home for the room, and no way out of the process."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_socket

from llm_config.runtime import wiring
from llm_config_local.front import application
from tests.hostile.wire import Wire
from tests.support.homes import ISSUER, embedded
from tests.support.nets import SEED

HERE = Path(__file__).parent
SHARE = 0.4


@pytest.fixture(autouse=True)
def no_network() -> None:
    """An attempt to reach anything is an error, which the front would answer as 500."""
    pytest_socket.disable_socket(allow_unix_socket=True)


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with embedded(tmp_path_factory.mktemp("home")) as kit, Wire.running() as new:
        kit.tenant("acme")
        wiring.use(kit.factories)
        new.attach(kit, application(lambda: {"keys": [kit.family.tokens.jwk()]}, ISSUER))
        yield new


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every operation meets every kind of hostile input in `make test-deep`; in `make test`, two in five by the seed."""
    chance = random.Random(os.environ[SEED])
    for item in items:
        if item.path.parent == HERE and "operation" in getattr(item, "fixturenames", ()) and chance.random() > SHARE:
            item.add_marker(pytest.mark.deep)
