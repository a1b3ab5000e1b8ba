"""ports/cache_purger.py, promise by promise."""

import pytest

from llm_config_domain.errors import IdempotencyMismatch, Unauthenticated
from llm_config_domain.names import PLATFORM, TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, promise, purge_caches, put_config


def purge(home: HomeUnderTest, tenant: TenantId, key: str = "", body: bytes = b"{}") -> tuple[int, bool]:
    done = purge_caches(home, tenant, promise(tenant, key, body, "purge_caches") if key else None)
    return done.version.generation, done.replayed


def test_each_purge_begins_the_tenants_next_generation_and_nobody_elses(home: HomeUnderTest, acme: TenantId) -> None:
    reader, other = home.provide("config_reader"), home.tenant("other")
    put_config(home, name_of(acme), "1")
    assert reader.pins(acme, "gateway").generation == 0
    assert [purge(home, acme) for _ in range(2)] == [(1, False), (2, False)]
    assert reader.pins(acme, "gateway").generation == 2
    assert reader.layers(acme, "gateway", "primary").pins == reader.pins(acme, "gateway")
    assert [reader.pins(tenant, "gateway").generation for tenant in (other, PLATFORM)] == [0, 0]


def test_it_is_on_record_in_its_own_transaction(home: HomeUnderTest, acme: TenantId) -> None:
    purge(home, acme)
    (recorded,) = home.changes(acme, "caches")
    assert recorded.event_type == "cache.purged"
    assert (recorded.metadata["version"], recorded.metadata["previous_version"]) == (1, None)


def test_the_same_key_purges_once(home: HomeUnderTest, acme: TenantId) -> None:
    assert [purge(home, acme, "k") for _ in range(2)] == [(1, False), (1, True)]
    assert len(home.changes(acme, "caches")) == 1


def test_a_tenant_that_is_not_active_purges_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        purge(home, acme)


def test_another_request_with_the_same_key_is_refused(home: HomeUnderTest, acme: TenantId) -> None:
    purge(home, acme, "k")
    with pytest.raises(IdempotencyMismatch):
        purge(home, acme, "k", b"another")
