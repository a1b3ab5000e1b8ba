"""ports/subscription_reader.py, promise by promise."""

from typing import Any

import pytest

from llm_config_domain.errors import NotFound, Unauthenticated
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import create_subscription, end_subscription


def test_a_subscription_is_read_as_it_was_kept(home: HomeUnderTest, acme: TenantId) -> None:
    about: dict[str, Any] = {
        "namespaces": ("gateway", "team/*"),
        "types": ("com.llm.config.created",),
        "description": "Grüße",
    }
    kept = create_subscription(home, acme, **about).version
    assert home.provide("subscription_reader").entry(acme, kept.id) == kept


def test_a_deleted_and_a_foreign_one_are_as_absent(home: HomeUnderTest, acme: TenantId) -> None:
    reader, foreign = home.provide("subscription_reader"), home.tenant("acme-corp")
    kept = create_subscription(home, acme).version
    for tenant, its_id in ((foreign, kept.id), (acme, "01J0ZZZZZZZZZZZZZZZZZZZZZA")):
        with pytest.raises(NotFound):
            reader.entry(tenant, its_id)
        assert reader.held(tenant, its_id) is None
    end_subscription(home, acme, kept.id)
    with pytest.raises(NotFound):
        reader.entry(acme, kept.id)


def test_one_that_is_switched_off_is_still_read(home: HomeUnderTest, acme: TenantId) -> None:
    kept = create_subscription(home, acme).version
    off = end_subscription(home, acme, kept.id, "disable").version
    assert home.provide("subscription_reader").entry(acme, kept.id) == off and not off.is_active


def test_a_listing_is_the_tenants_own_by_id_and_page_by_page(home: HomeUnderTest, acme: TenantId) -> None:
    made = [create_subscription(home, acme).version.id for _ in range(3)]
    create_subscription(home, home.tenant("acme-corp"))
    end_subscription(home, acme, made[1])
    listing = home.provide("subscription_reader").listing
    assert [one.id for one in listing(acme, "", 100)] == sorted(made)
    assert [one.id for one in listing(acme, "", 2)] == sorted(made)[:2]
    assert [one.id for one in listing(acme, sorted(made)[1], 100)] == sorted(made)[2:]


def test_what_is_held_opens_to_its_secret_while_it_is_active(home: HomeUnderTest, acme: TenantId) -> None:
    kept = create_subscription(home, acme).version
    held = home.provide("subscription_reader").held(acme, kept.id)
    assert held.subscription == kept
    assert home.provide("unsealer").unseal(kept.name, 1, held.secret).reveal == b"whsec_canary"
    end_subscription(home, acme, kept.id, "disable")
    assert home.provide("subscription_reader").held(acme, kept.id) is None


def test_those_of_every_tenant_that_are_active_are_found_page_by_page(home: HomeUnderTest, acme: TenantId) -> None:
    globex, reader = home.tenant("globex"), home.provide("subscription_reader")
    made = [(tenant, create_subscription(home, tenant).version.id) for tenant in (acme, globex, acme, globex)]
    assert list(reader.active("", 100)) == sorted(made)
    assert list(reader.active("", 3)) == sorted(made)[:3]
    assert list(reader.active("#".join(sorted(made)[1]), 100)) == sorted(made)[2:]
    end_subscription(home, *made[0])
    end_subscription(home, *made[1], "disable")
    assert list(reader.active("", 100)) == sorted(made[2:])


def test_a_tenant_that_is_not_active_reads_nothing_and_is_told_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    kept, reader = create_subscription(home, acme).version, home.provide("subscription_reader")
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        reader.entry(acme, kept.id)
    with pytest.raises(Unauthenticated):
        reader.listing(acme, "", 1)
    assert reader.held(acme, kept.id) is None
