"""ports/tenant_keys.py, promise by promise."""

from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest

FIRST, SECOND = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAW")


def test_created_again_it_is_the_same_id_and_no_new_key(home: HomeUnderTest) -> None:
    tenant_keys = home.provide("tenant_keys")
    assert tenant_keys.create(FIRST) == tenant_keys.create(FIRST)


def test_each_tenant_has_a_key_of_its_own(home: HomeUnderTest) -> None:
    tenant_keys = home.provide("tenant_keys")
    assert tenant_keys.create(FIRST) != tenant_keys.create(SECOND)
