"""ports/subscription_writer.py, promise by promise."""

import json

import pytest

from llm_config_domain.errors import IdempotencyMismatch, NotFound, Unauthenticated
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import create_subscription, end_subscription, promise


def test_each_change_has_its_entry_and_the_next_revision_of_the_control_line(
    home: HomeUnderTest, acme: TenantId
) -> None:
    kept = create_subscription(home, acme, namespaces=("gateway",)).version
    end_subscription(home, acme, kept.id, "disable")
    end_subscription(home, acme, kept.id)
    told = home.changes(acme, "tenants", "subscriptions")
    assert [entry.event_type for entry in told] == [
        "tenant.created", "subscription.created", "subscription.disabled", "subscription.deleted",
    ]  # fmt: skip
    assert [entry.metadata["revision"] for entry in told] == [1, 2, 3, 4]
    assert [entry.metadata["version"] for entry in told[1:]] == [1, 2, 3]
    assert {tuple(entry.metadata["namespaces"]) for entry in told[1:]} == {("gateway",)}


def test_neither_the_secret_nor_the_address_is_in_a_record(home: HomeUnderTest, acme: TenantId) -> None:
    kept = create_subscription(home, acme, url="https://1.1.1.1/canary").version
    end_subscription(home, acme, kept.id)
    records = json.dumps([entry.to_record() for entry in home.changes(acme, "subscriptions")])
    assert "canary" not in records
    assert not home.holds(b"whsec_canary"), "the signing secret lies in the clear"


def test_it_is_made_and_ended_at_the_time_of_its_transaction(home: HomeUnderTest, acme: TenantId) -> None:
    kept = create_subscription(home, acme).version
    ended = end_subscription(home, acme, kept.id).version
    made, gone = home.changes(acme, "subscriptions")
    assert (kept.created_at, ended.deleted_at) == (made.at, gone.at)


@pytest.mark.parametrize("how", ["delete", "disable"])
def test_it_is_ended_once(home: HomeUnderTest, acme: TenantId, how: str) -> None:
    kept = create_subscription(home, acme).version
    end_subscription(home, acme, kept.id, how)
    with pytest.raises(NotFound):
        end_subscription(home, acme, kept.id, how)
    with pytest.raises(NotFound):
        end_subscription(home, home.tenant("globex"), kept.id, how)
    assert len(home.changes(acme, "subscriptions")) == 2


def test_a_repeated_key_answers_with_what_it_made_and_writes_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    first = create_subscription(home, acme, idempotency=promise(acme, "k"))
    again = create_subscription(home, acme, idempotency=promise(acme, "k"))
    assert again.replayed and again.version == first.version
    with pytest.raises(IdempotencyMismatch):
        create_subscription(home, acme, idempotency=promise(acme, "k", b"[]"))
    ended = promise(acme, "d", operation="delete_subscription")
    end_subscription(home, acme, first.version.id, idempotency=ended)
    assert end_subscription(home, acme, first.version.id, idempotency=ended).replayed
    assert len(home.changes(acme, "subscriptions")) == 2


def test_a_tenant_that_is_not_active_changes_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    kept = create_subscription(home, acme).version
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        end_subscription(home, acme, kept.id)
