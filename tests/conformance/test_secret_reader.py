"""ports/secret_reader.py, promise by promise."""

import pytest

from llm_config_domain.errors import NotFound, Unauthenticated
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.entries import Stage
from llm_config_domain.secrets.lifecycle import Activation, Deletion, Revocation
from tests.support.families import HomeUnderTest
from tests.support.samples import move_secret, name_of, put_config, put_secret


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


def stages(home: HomeUnderTest, name: Name, limit: int = 10) -> list[tuple[int, str]]:
    return [(one.version, one.stage.value) for one in home.provide("secret_reader").live(name, limit)]


def test_what_is_live_is_the_version_in_use_and_those_before_it(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    written = [put_secret(home, name, value).version for value in (b"one", b"two", b"three")]
    put_secret(home, name, b"four", activate=False)
    assert stages(home, name) == [(3, "current"), (2, "previous"), (1, "previous")]
    assert stages(home, name, 2) == [(3, "current"), (2, "previous")]
    found = home.provide("secret_reader").live(name, 10)
    assert [one.version_id for one in found] == [one.version_id for one in reversed(written)]
    assert len({one.sealed.blob for one in found}) == 3
    move_secret(home, name, Activation(version=1))
    assert stages(home, name) == [(1, "current"), (3, "previous"), (2, "previous")]
    move_secret(home, name, Revocation(version=2))
    assert stages(home, name) == [(1, "current"), (3, "previous")]
    move_secret(home, name, Revocation(version=1))
    assert stages(home, name) == [(3, "previous")]


def test_the_version_in_use_is_live_however_many_wait_after_it(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    put_secret(home, name)
    for _ in range(52):
        put_secret(home, name, activate=False)
    assert stages(home, name) == [(1, "current")]


def test_nothing_is_live_of_what_is_absent_deleted_or_all_revoked(home: HomeUnderTest, acme: TenantId) -> None:
    with pytest.raises(NotFound):
        stages(home, name_of(acme))
    put_secret(home, name_of(acme))
    move_secret(home, name_of(acme), Deletion())
    with pytest.raises(NotFound):
        stages(home, name_of(acme))
    put_secret(home, name_of(acme, "gateway/other"))
    move_secret(home, name_of(acme, "gateway/other"), Revocation(version=1))
    with pytest.raises(NotFound):
        stages(home, name_of(acme, "gateway/other"))
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        stages(home, name_of(acme))


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
