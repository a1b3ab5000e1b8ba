"""The front under attack: one embedded home for the room, and no way out of the process."""

import os
import random
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
import pytest_socket

from llm_config.runtime import wiring
from llm_config_local.front import application
from tests.hostile.wire import Wire
from tests.support.homes import ISSUER, embedded
from tests.support.nets import SEED, hold_each

SHARE = 0.25
Each = Callable[[Iterable[Any], Callable[[Any], None]], None]


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


@pytest.fixture(params=[pytest.param(True, id="a part"), pytest.param(False, id="the rest", marks=pytest.mark.deep)])
def each(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Each:
    """Checks every input in `make test-deep`; in `make test` a part of them, which the seed and the test choose."""

    def check_each(inputs: Iterable[Any], check: Callable[[Any], None]) -> None:
        operation = request.node.callspec.params["operation"].name
        chance = random.Random(f"{os.environ[SEED]} {request.node.originalname} {operation}")
        hold_each([one for one in inputs if (chance.random() < SHARE) is request.param], check, record_property)

    return check_each
