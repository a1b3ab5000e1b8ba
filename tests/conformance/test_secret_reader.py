"""ports/secret_reader.py, promise by promise."""

import pytest

from llm_config_domain.errors import NotFound, Unauthenticated
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.entries import Stage
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, put_config, put_secret


def test_an_entry_is_that_version_or_the_current_one_still_sealed(home: HomeUnderTest, acme: TenantId) -> None:
    first, second = (put_secret(home, name_of(acme), value).version for value in (b"one", b"two"))
    reader = home.provide("secret_reader")
    assert reader.entry(name_of(acme)).metadata == reader.entry(name_of(acme), 2).metadata == second
    assert reader.entry(name_of(acme), 1).version_id == first.version_id
    assert b"one" not in reader.entry(name_of(acme), 1).sealed.blob


def test_the_stage_is_as_of_the_read(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("secret_reader")
    put_secret(home, name_of(acme))
    assert reader.entry(name_of(acme), 1).stage is Stage.CURRENT
    put_secret(home, name_of(acme))
    assert [reader.entry(name_of(acme), number).stage for number in (1, 2)] == [Stage.PREVIOUS, Stage.CURRENT]


@pytest.mark.parametrize("version", [None, 1])
def test_absent_is_not_found(home: HomeUnderTest, acme: TenantId, version: int | None) -> None:
    put_config(home, name_of(acme))  # a config of the same name is no secret
    with pytest.raises(NotFound):
        home.provide("secret_reader").entry(name_of(acme), version)


@pytest.mark.parametrize("version", [2, 10**10, 10**18])
def test_a_version_that_never_was_is_not_found(home: HomeUnderTest, acme: TenantId, version: int) -> None:
    put_secret(home, name_of(acme))
    with pytest.raises(NotFound):
        home.provide("secret_reader").entry(name_of(acme), version)


def test_secrets_never_inherit_across_environments(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme, environment="global"))
    with pytest.raises(NotFound):
        home.provide("secret_reader").entry(name_of(acme, environment="production"))


def test_another_tenants_secret_is_not_found(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    with pytest.raises(NotFound):
        home.provide("secret_reader").entry(name_of(home.tenant("globex")))


def test_a_tenant_that_is_not_active_reads_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    home.suspend(acme)
    for version in (None, 1):
        with pytest.raises(Unauthenticated):
            home.provide("secret_reader").entry(name_of(acme), version)
