import pytest

from tests.unit.runtime.forge import Forge


@pytest.fixture(scope="session")
def forge() -> Forge:
    """Its keys are dear to make, and no test changes them."""
    return Forge()
