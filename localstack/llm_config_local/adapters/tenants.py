"""Tenants in the embedded store."""

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from llm_config.ports.clock import Clock
from llm_config_domain.errors import Conflict, NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import TenantId
from llm_config_domain.tenants import Tenant
from llm_config_domain.versions import ChangeType, Committed
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore


class SqliteTenants:
    """Implements `tenant_reader`, `tenant_writer` and `health_probe`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def by_id(self, tenant: TenantId) -> Tenant:
        with self._store.snapshot() as db:
            return _found(rows.tenant(db, tenant))

    def by_name(self, name: str) -> Tenant:
        with self._store.snapshot() as db:
            return _found(_by_name(db, name))

    def check(self) -> None:
        with self._store.snapshot() as db:
            db.execute("SELECT 1 FROM tenants LIMIT 1").fetchone()

    def create(
        self,
        tenant: Tenant,
        make_key: Callable[[TenantId], str],
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Tenant]:
        earlier = self._earlier(tenant, idempotency)
        if earlier is not None:
            return earlier
        new = self._store.write(lambda db: _attempt(db, tenant))
        keyed = replace(tenant, id=new, key_id=make_key(new))
        told = replace(entry, tenant=new, resource=replace(entry.resource, id=new))

        def job(db: sqlite3.Connection) -> Committed[Tenant]:
            now = self._clock.now()
            standing = _standing(db, tenant, rows.earlier_result(db, idempotency, now))
            return standing or _made(db, keyed, told, idempotency, now)

        return self._store.write(job)

    def _earlier(self, tenant: Tenant, idempotency: Idempotency | None) -> Committed[Tenant] | None:
        with self._store.snapshot() as db:
            return _standing(db, tenant, rows.earlier_result(db, idempotency, self._clock.now()))


def _attempt(db: sqlite3.Connection, tenant: Tenant) -> TenantId:
    """The id of the attempt at this name that is open; a new one when there is none."""
    db.execute("INSERT OR IGNORE INTO tenant_attempts VALUES (?, ?)", (tenant.name, tenant.id))
    return TenantId(db.execute("SELECT id FROM tenant_attempts WHERE name = ?", (tenant.name,)).fetchone()[0])


def _made(
    db: sqlite3.Connection, tenant: Tenant, entry: JournalEntry, idempotency: Idempotency | None, now: datetime
) -> Committed[Tenant]:
    revision, at = rows.advance(db, tenant.id, rows.CONTROL, "", now)
    db.execute("INSERT INTO tenants VALUES (?, ?, ?)", (tenant.id, tenant.name, json.dumps(tenant.to_record())))
    db.execute("DELETE FROM tenant_attempts WHERE name = ?", (tenant.name,))
    told = committed(entry, ChangeType.CREATE, at=at, version=1, revision=revision, name=tenant.name, tier=tenant.tier)
    rows.add_change(db, told, rows.CONTROL, "", revision)
    rows.remember(db, idempotency, {"id": tenant.id}, now)
    return Committed(tenant)


def _standing(db: sqlite3.Connection, tenant: Tenant, earlier: dict[str, str] | None) -> Committed[Tenant] | None:
    """The answer that this key had, or None when the name is free. Raises Conflict."""
    if earlier is not None:
        return Committed(_found(rows.tenant(db, TenantId(earlier["id"]))), replayed=True)
    if _by_name(db, tenant.name) is not None:
        raise Conflict("a tenant of this name exists")
    return None


def _by_name(db: sqlite3.Connection, name: str) -> Tenant | None:
    row = db.execute("SELECT record FROM tenants WHERE name = ?", (name,)).fetchone()
    return Tenant.from_record(json.loads(row[0])) if row else None


def _found(tenant: Tenant | None) -> Tenant:
    if tenant is None:
        raise NotFound("there is no such tenant")
    return tenant
