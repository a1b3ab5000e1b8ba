"""The front under attack: one embedded home for the room, and no way out of the process."""

from collections.abc import Iterator

import pytest
import pytest_socket

from llm_config.runtime import wiring
from llm_config_local.front import application
from tests.hostile.wire import Wire
from tests.support.homes import ISSUER, embedded


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
