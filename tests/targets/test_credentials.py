"""The secrets that a target's options name, on both families' ports."""

import pytest

from llm_config.adapters.targets.credentials import NamedSecret
from llm_config_domain.errors import TargetRefused
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, put_secret
from tests.support.turns import AskedTurn, opened


def asked(tested: HomeUnderTest, tenant: TenantId, path: object, environment: str = "production") -> AskedTurn:
    return AskedTurn(name=name_of(tenant, environment=environment), target={"admin": path})


def named(tested: HomeUnderTest) -> NamedSecret:
    recording = {port: tested.provide(port) for port in ("journal", "identifiers", "clock")}
    return NamedSecret("admin", tested.provide("secret_reader"), tested.provide("unsealer"), **recording)


def test_the_secret_of_the_same_tenant_and_environment_is_handed_over(
    home: HomeUnderTest,
    acme: TenantId,
) -> None:
    put_secret(home, name_of(acme, "db/admin"), b'"ours"')
    put_secret(home, name_of(acme, "db/admin", "staging"), b'"of staging"')
    put_secret(home, name_of(home.tenant("other"), "db/admin"), b'"theirs"')
    assert opened(named(home)(asked(home, acme, "db/admin"))) == "ours"
    assert opened(named(home)(asked(home, acme, "db/admin", "staging"))) == "of staging"


@pytest.mark.parametrize("path", [None, "", 7, "UPPER/case", "db/absent", "gateway/primary"])
def test_what_names_no_other_secret_is_refused(
    home: HomeUnderTest,
    acme: TenantId,
    path: object,
) -> None:
    put_secret(home, name_of(acme))
    with pytest.raises(TargetRefused, match="admin"):
        named(home)(asked(home, acme, path))
