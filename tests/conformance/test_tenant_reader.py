"""ports/tenant_reader.py, promise by promise."""

import pytest

from llm_config_domain.errors import NotFound
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.tenants import Status
from tests.support.families import HomeUnderTest


def test_a_tenant_is_found_by_its_id_and_by_its_name(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("tenant_reader")
    assert reader.by_id(acme) == reader.by_name("acme")
    assert (reader.by_id(acme).id, reader.by_id(acme).name) == (acme, "acme")


def test_the_platform_is_a_tenant(home: HomeUnderTest) -> None:
    assert home.provide("tenant_reader").by_name("platform").id == PLATFORM


@pytest.mark.parametrize("name", ["acm", "acme2", "01arz3ndektsv4rrffq69g5fav"])
def test_a_tenant_that_is_not_there_is_not_found(home: HomeUnderTest, acme: TenantId, name: str) -> None:
    with pytest.raises(NotFound):
        home.provide("tenant_reader").by_name(name)
    with pytest.raises(NotFound):
        home.provide("tenant_reader").by_id(TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"))


def test_a_suspended_tenant_is_seen_as_suspended(home: HomeUnderTest, acme: TenantId) -> None:
    home.suspend(acme)
    assert home.provide("tenant_reader").by_name("acme").status is Status.SUSPENDED
