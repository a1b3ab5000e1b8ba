"""API keys in the embedded store."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace

from llm_config.ports.clock import Clock
from llm_config_domain.api_keys import ApiKey, HeldKey
from llm_config_domain.errors import NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import TenantId
from llm_config_domain.versions import ChangeType, Committed
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore

Change = Callable[[sqlite3.Connection, str], ApiKey]
"""Writes the key's own row at a time, and returns the key."""


class SqliteApiKeys:
    """Implements `api_key_reader` and `api_key_writer`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def held(self, key_id: str) -> HeldKey | None:
        with self._store.snapshot() as db:
            row = db.execute("SELECT record, digest FROM api_keys WHERE id = ?", (key_id,)).fetchone()
        return HeldKey(_key(row[0]), row[1]) if row else None

    def entry(self, tenant: TenantId, key_id: str) -> ApiKey:
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            return _valid(db, tenant, key_id)

    def listing(self, tenant: TenantId, after: str, limit: int) -> Sequence[ApiKey]:
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            found = db.execute(
                "SELECT record FROM api_keys WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?", (tenant, after, limit)
            )
            return [_key(record) for (record,) in found]

    def create(self, held: HeldKey, *, entry: JournalEntry, idempotency: Idempotency | None) -> Committed[ApiKey]:
        def put(db: sqlite3.Connection, at: str) -> ApiKey:
            new = replace(held.key, created_at=at)
            row = (new.id, new.tenant, json.dumps(new.to_record()), held.digest)
            db.execute("INSERT INTO api_keys VALUES (?, ?, ?, ?)", row)
            return new

        return self._change(held.key.tenant, ChangeType.CREATE, put, entry, idempotency)

    def revoke(
        self, tenant: TenantId, key_id: str, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[ApiKey]:
        def put(db: sqlite3.Connection, at: str) -> ApiKey:
            key = _valid(db, tenant, key_id).revoked(at)
            db.execute("UPDATE api_keys SET record = ? WHERE id = ?", (json.dumps(key.to_record()), key_id))
            return key

        return self._change(tenant, ChangeType.REVOKE, put, entry, idempotency)

    def _change(
        self,
        tenant: TenantId,
        change_type: ChangeType,
        put: Change,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[ApiKey]:
        def job(db: sqlite3.Connection) -> Committed[ApiKey]:
            rows.require_tenant(db, tenant)
            now = self._clock.now()
            earlier = rows.earlier_result(db, idempotency, now)
            if earlier is not None:
                return Committed(_found(db, tenant, earlier["id"]), replayed=True)
            revision, at = rows.advance(db, tenant, rows.CONTROL, "", now)
            key = put(db, at)
            told = committed(entry, change_type, at=at, version=key.version, revision=revision, **key.told)
            rows.add_change(db, told, rows.CONTROL, "", revision)
            rows.remember(db, idempotency, {"id": key.id}, now)
            return Committed(key)

        return self._store.write(job)


def _key(record: str) -> ApiKey:
    return ApiKey.from_record(json.loads(record))


def _found(db: sqlite3.Connection, tenant: TenantId, key_id: str) -> ApiKey:
    """Raises NotFound for a key that this tenant never had."""
    row = db.execute("SELECT record FROM api_keys WHERE tenant = ? AND id = ?", (tenant, key_id)).fetchone()
    if row is None:
        raise NotFound("there is no such API key")
    return _key(row[0])


def _valid(db: sqlite3.Connection, tenant: TenantId, key_id: str) -> ApiKey:
    """The same for one that is revoked."""
    key = _found(db, tenant, key_id)
    if key.revoked_at is not None:
        raise NotFound("there is no such API key")
    return key
