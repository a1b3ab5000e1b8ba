"""Subscriptions in the embedded store."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace

from llm_config.ports.clock import Clock
from llm_config_domain.errors import NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.subscriptions import DeliveryState, HeldSubscription, Subscription
from llm_config_domain.tenants import Status
from llm_config_domain.versions import ChangeType, Committed
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore

Change = Callable[[sqlite3.Connection, str], HeldSubscription]
"""The time of the transaction -> what shall stand there. Raises NotFound."""


class SqliteSubscriptions:
    """Implements `subscription_reader` and `subscription_writer`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def entry(self, tenant: TenantId, subscription_id: str) -> Subscription:
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            return _there(db, tenant, subscription_id).subscription

    def listing(self, tenant: TenantId, after: str, limit: int) -> Sequence[Subscription]:
        query = "SELECT record, secret FROM subscriptions WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?"
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            return [_held(*row).subscription for row in db.execute(query, (tenant, after, limit))]

    def held(self, tenant: TenantId, subscription_id: str) -> HeldSubscription | None:
        with self._store.snapshot() as db:
            owner, held = rows.tenant(db, tenant), _found(db, tenant, subscription_id)
        if owner is None or owner.status is not Status.ACTIVE or held is None or not held.subscription.is_active:
            return None
        return held

    def active(self, after: str, limit: int) -> Sequence[tuple[TenantId, str]]:
        query = (
            "SELECT tenant, id FROM subscriptions WHERE active AND tenant || '#' || id > ? ORDER BY tenant, id LIMIT ?"
        )
        with self._store.snapshot() as db:
            return [(TenantId(tenant), its_id) for tenant, its_id in db.execute(query, (after, limit))]

    def create(
        self, held: HeldSubscription, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Subscription]:
        def make(db: sqlite3.Connection, at: str) -> HeldSubscription:
            return replace(held, subscription=replace(held.subscription, created_at=at))

        return self._change(held.subscription.tenant, make, ChangeType.CREATE, entry, idempotency)

    def delete(
        self, tenant: TenantId, subscription_id: str, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Subscription]:
        def make(db: sqlite3.Connection, at: str) -> HeldSubscription:
            held = _there(db, tenant, subscription_id)
            return replace(held, subscription=held.subscription.deleted(at))

        return self._change(tenant, make, ChangeType.DELETE, entry, idempotency)

    def disable(self, tenant: TenantId, subscription_id: str, *, entry: JournalEntry) -> Committed[Subscription]:
        def make(db: sqlite3.Connection, at: str) -> HeldSubscription:
            held = _there(db, tenant, subscription_id)
            if not held.subscription.is_active:
                raise NotFound("there is no such subscription")
            return replace(held, subscription=held.subscription.disabled(at))

        return self._change(tenant, make, ChangeType.REVOKE, entry, None)

    def _change(
        self,
        tenant: TenantId,
        make: Change,
        change_type: ChangeType,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Subscription]:
        def job(db: sqlite3.Connection) -> Committed[Subscription]:
            rows.require_tenant(db, tenant)
            now = self._clock.now()
            earlier = rows.earlier_result(db, idempotency, now)
            if earlier is not None:
                found = _found(db, tenant, earlier["id"])
                return Committed(found.subscription, replayed=True)  # type: ignore[union-attr]
            revision, at = rows.advance(db, tenant, rows.CONTROL, "", now)
            made = make(db, at)
            new = made.subscription
            row = (tenant, new.id, new.is_active, json.dumps(new.to_record()), made.secret.blob)
            db.execute("INSERT OR REPLACE INTO subscriptions VALUES (?, ?, ?, ?, ?)", row)
            told = committed(entry, change_type, at=at, version=new.version, revision=revision, **new.told)
            rows.add_change(db, told, rows.CONTROL, "", revision)
            rows.remember(db, idempotency, {"id": new.id}, now)
            return Committed(new)

        return self._store.write(job)


class SqliteDeliveryStates:
    """Implements `delivery_states`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def of(self, tenant: TenantId, subscription_id: str) -> DeliveryState:
        query = "SELECT record FROM delivery_states WHERE tenant = ? AND id = ?"
        with self._store.snapshot() as db:
            row = db.execute(query, (tenant, subscription_id)).fetchone()
        return DeliveryState.from_record(json.loads(row[0])) if row else DeliveryState()

    def keep(self, tenant: TenantId, subscription_id: str, state: DeliveryState) -> None:
        row = (tenant, subscription_id, json.dumps(state.to_record()))
        self._store.write(lambda db: db.execute("INSERT OR REPLACE INTO delivery_states VALUES (?, ?, ?)", row))


def _held(record: str, secret: bytes) -> HeldSubscription:
    return HeldSubscription(Subscription.from_record(json.loads(record)), Sealed(secret))


def _found(db: sqlite3.Connection, tenant: TenantId, subscription_id: str) -> HeldSubscription | None:
    query = "SELECT record, secret FROM subscriptions WHERE tenant = ? AND id = ?"
    row = db.execute(query, (tenant, subscription_id)).fetchone()
    return _held(*row) if row else None


def _there(db: sqlite3.Connection, tenant: TenantId, subscription_id: str) -> HeldSubscription:
    """Raises NotFound for one that is not there or is deleted."""
    held = _found(db, tenant, subscription_id)
    if held is None or held.subscription.deleted_at is not None:
        raise NotFound("there is no such subscription")
    return held
