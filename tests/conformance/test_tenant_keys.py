"""ports/tenant_keys.py, promise by promise."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from llm_config_domain import times
from llm_config_domain.errors import Conflict, NotFound, Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.values import Plaintext
from llm_config_domain.tenants import Tier
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of

FIRST, SECOND = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAW")
VALUE = Plaintext(b"1")


def test_created_again_it_is_the_same_id_and_no_new_key(home: HomeUnderTest) -> None:
    tenant_keys = home.provide("tenant_keys")
    assert tenant_keys.create(FIRST, Tier.FREE) == tenant_keys.create(FIRST, Tier.FREE)


def test_each_tenant_has_a_key_of_its_own(home: HomeUnderTest) -> None:
    tenant_keys = home.provide("tenant_keys")
    assert tenant_keys.create(FIRST, Tier.FREE) != tenant_keys.create(SECOND, Tier.FREE)


def check_works(home: HomeUnderTest, tenant: TenantId) -> None:
    sealed = home.provide("sealer").seal(name_of(tenant), 1, VALUE)
    assert home.provide("unsealer").unseal(name_of(tenant), 1, sealed) == VALUE


def test_under_a_disabled_key_nothing_is_sealed_or_opened_until_it_is_enabled(
    home: HomeUnderTest, acme: TenantId
) -> None:
    sealed = home.provide("sealer").seal(name_of(acme), 1, VALUE)
    for _ in range(2):
        home.provide("tenant_keys").disable(acme)
        with pytest.raises(Unavailable):
            home.provide("sealer").seal(name_of(acme), 1, VALUE)
        with pytest.raises(Unavailable):
            home.provide("unsealer").unseal(name_of(acme), 1, sealed)
    for _ in range(2):
        home.provide("tenant_keys").enable(acme)
        assert home.provide("unsealer").unseal(name_of(acme), 1, sealed) == VALUE


def test_another_tenants_key_is_not_touched(home: HomeUnderTest, acme: TenantId) -> None:
    globex = home.tenant("globex")
    home.provide("tenant_keys").disable(acme)
    home.provide("tenant_keys").schedule_deletion(acme, 7)
    check_works(home, globex)


def test_the_time_of_a_deletion_is_told_and_stays(home: HomeUnderTest, acme: TenantId) -> None:
    sealed = home.provide("sealer").seal(name_of(acme), 1, VALUE)
    told = home.provide("tenant_keys").schedule_deletion(acme, 10)
    away = times.parse(told) - home.clock.now()
    assert timedelta(days=10, minutes=-5) < away < timedelta(days=10, minutes=5)
    assert home.provide("tenant_keys").schedule_deletion(acme, 30) == told
    with pytest.raises(Unavailable):
        home.provide("sealer").seal(name_of(acme), 1, VALUE)
    with pytest.raises(Unavailable):
        home.provide("unsealer").unseal(name_of(acme), 1, sealed)


def test_until_then_it_can_be_cancelled_and_the_key_is_disabled(home: HomeUnderTest, acme: TenantId) -> None:
    tenant_keys = home.provide("tenant_keys")
    sealed = home.provide("sealer").seal(name_of(acme), 1, VALUE)
    tenant_keys.schedule_deletion(acme, 7)
    tenant_keys.cancel_deletion(acme)
    with pytest.raises(Unavailable):
        home.provide("unsealer").unseal(name_of(acme), 1, sealed)
    tenant_keys.enable(acme)
    tenant_keys.cancel_deletion(acme)
    assert home.provide("unsealer").unseal(name_of(acme), 1, sealed) == VALUE


@pytest.mark.parametrize("change", ["disable", "enable"])
def test_a_key_that_is_to_be_deleted_is_neither_enabled_nor_disabled(
    home: HomeUnderTest, acme: TenantId, change: str
) -> None:
    tenant_keys = home.provide("tenant_keys")
    tenant_keys.schedule_deletion(acme, 7)
    with pytest.raises(Conflict):
        getattr(tenant_keys, change)(acme)


CHANGES: dict[str, Callable[[Any], Any]] = {
    "disable": lambda tenant_keys: tenant_keys.disable(FIRST),
    "enable": lambda tenant_keys: tenant_keys.enable(FIRST),
    "schedule deletion": lambda tenant_keys: tenant_keys.schedule_deletion(FIRST, 7),
    "cancel deletion": lambda tenant_keys: tenant_keys.cancel_deletion(FIRST),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_tenant_without_a_key_of_its_own_is_told_so(home: HomeUnderTest, change: str) -> None:
    with pytest.raises(NotFound):
        CHANGES[change](home.provide("tenant_keys"))
