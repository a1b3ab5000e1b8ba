"""Every kind, made of a home's own ports."""

import subprocess
import sys

import pytest

from llm_config.adapters.targets.by_kind import factories
from llm_config_domain.errors import TargetRefused
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, put_secret
from tests.support.turns import AskedTurn, opened, sealed

METHODS = ("create", "install", "test", "retire", "withdraw", "last_used")
KINDS = sorted(factories(lambda port: None, local=False))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_made_and_does_all_steps(home: HomeUnderTest, kind: str) -> None:
    made = factories(home.provide, local=True)[kind]()
    assert all(callable(getattr(made, method)) for method in METHODS)


@pytest.mark.parametrize(
    ("kind", "value"), [("postgres", {"host": "h", "username": "u", "password": "p"}), ("openai", "sk")]
)
def test_a_target_that_lacks_its_credential_says_so(
    home: HomeUnderTest, acme: TenantId, kind: str, value: object
) -> None:
    made = factories(home.provide, local=True)[kind]()
    turn = AskedTurn(name=name_of(acme), target={"kind": kind, "project": "p"})
    with pytest.raises(TargetRefused, match="admin"):
        made.install(turn, sealed(value)) if kind == "postgres" else made.create(turn, sealed(value))


def test_a_pool_is_the_secret_that_the_options_name(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme, "keys/bought"), b'["a","b"]')
    turn = AskedTurn(name=name_of(acme), target={"kind": "key_pool", "pool": "keys/bought"})
    made = factories(home.provide, local=True)["key_pool"]()
    assert opened(made.create(turn, sealed("a"))) == "b"


def test_no_driver_is_loaded_before_its_kind_has_a_turn() -> None:
    told = "import sys; from llm_config.adapters.targets.by_kind import factories; factories(print, local=False);"
    asked = "print([name for name in ('psycopg', 'boto3', 'urllib3', 'cryptography') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told + asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
