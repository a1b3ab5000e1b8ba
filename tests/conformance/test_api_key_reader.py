"""ports/api_key_reader.py, promise by promise."""

import pytest

from llm_config_domain.errors import NotFound, Unauthenticated
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import create_api_key, revoke_api_key

UNKNOWN = "01ARZ3NDEKTSV4RRFFQ69G5FAV"


def test_a_held_key_is_found_by_its_id_alone_with_what_its_secret_is_compared_with(
    home: HomeUnderTest, acme: TenantId
) -> None:
    key = create_api_key(home, acme, digest="ab" * 32).version
    held = home.provide("api_key_reader").held(key.id)
    assert (held.key, held.digest) == (key, "ab" * 32)
    assert home.provide("api_key_reader").held(UNKNOWN) is None


def test_a_revoked_key_is_still_held_and_says_so(home: HomeUnderTest, acme: TenantId) -> None:
    key = create_api_key(home, acme).version
    revoked = revoke_api_key(home, acme, key.id).version
    assert revoked.revoked_at is not None
    assert home.provide("api_key_reader").held(key.id).key == revoked


def test_a_tenant_finds_its_own_key_and_no_other(home: HomeUnderTest, acme: TenantId) -> None:
    reader, globex = home.provide("api_key_reader"), home.tenant("globex")
    key = create_api_key(home, acme, namespaces=("team/*",), cidr=("192.0.2.0/24",)).version
    assert reader.entry(acme, key.id) == key
    for tenant, wanted in ((globex, key.id), (acme, UNKNOWN)):
        with pytest.raises(NotFound):
            reader.entry(tenant, wanted)


def test_a_revoked_key_is_not_found(home: HomeUnderTest, acme: TenantId) -> None:
    key = create_api_key(home, acme).version
    revoke_api_key(home, acme, key.id)
    with pytest.raises(NotFound):
        home.provide("api_key_reader").entry(acme, key.id)


def test_a_listing_has_a_tenants_keys_by_id_a_page_at_a_time_revoked_ones_among_them(
    home: HomeUnderTest, acme: TenantId
) -> None:
    reader, globex = home.provide("api_key_reader"), home.tenant("globex")
    made = sorted(create_api_key(home, acme, name=f"key {n}").version.id for n in range(5))
    create_api_key(home, globex)
    revoke_api_key(home, acme, made[1])
    assert [key.id for key in reader.listing(acme, "", 10)] == made
    assert [key.id for key in reader.listing(acme, "", 2)] == made[:2]
    assert [key.id for key in reader.listing(acme, made[1], 2)] == made[2:4]
    assert reader.listing(acme, made[4], 2) == []
    assert [key.revoked_at is None for key in reader.listing(acme, "", 2)] == [True, False]


def test_a_tenant_that_is_not_active_reads_none(home: HomeUnderTest, acme: TenantId) -> None:
    key = create_api_key(home, acme).version
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        home.provide("api_key_reader").entry(acme, key.id)
    with pytest.raises(Unauthenticated):
        home.provide("api_key_reader").listing(acme, "", 1)
    assert home.provide("api_key_reader").held(key.id).key == key
