"""Namespaces in the embedded store."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace

from llm_config.ports.clock import Clock
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import TenantId
from llm_config_domain.namespaces import Namespace, NamespaceDraft, NamespaceMetadata
from llm_config_domain.versions import ChangeType, Committed, Preconditions
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore

Move = Callable[[sqlite3.Connection, Namespace, str], NamespaceMetadata]
_NAMES = """
    SELECT namespace FROM revisions WHERE tenant = :tenant AND line IN (:configs, :secrets) AND namespace > :after
    UNION SELECT namespace FROM namespaces WHERE tenant = :tenant AND namespace > :after AND NOT deleted
    ORDER BY namespace LIMIT :limit
"""
_HELD = """
    SELECT 1 FROM config_heads JOIN config_versions USING (tenant, namespace, key, environment, version)
    WHERE tenant = :tenant AND namespace = :namespace AND json_extract(record, '$.change_type') <> :deleted
    UNION ALL SELECT 1 FROM secret_heads WHERE tenant = :tenant AND namespace = :namespace AND NOT deleted
    LIMIT 1
"""


class SqliteNamespaces:
    """Implements `namespace_reader` and `namespace_writer`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def entry(self, tenant: TenantId, namespace: str) -> Namespace:
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            return _namespace(db, tenant, namespace).required()

    def listing(self, tenant: TenantId, after: str, limit: int) -> Sequence[Namespace]:
        asked = {"tenant": tenant, "after": after, "limit": limit, "configs": rows.CONFIGS, "secrets": rows.SECRETS}
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            names = db.execute(_NAMES, asked).fetchall()
            return [_namespace(db, tenant, name) for (name,) in names]

    def put(
        self,
        tenant: TenantId,
        namespace: str,
        draft: NamespaceDraft,
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Namespace]:
        def move(db: sqlite3.Connection, now: Namespace, at: str) -> NamespaceMetadata:
            return now.described(draft, preconditions, at)

        return self._move(tenant, namespace, move, entry, idempotency)

    def delete(
        self,
        tenant: TenantId,
        namespace: str,
        draft: NamespaceDraft,
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Namespace]:
        def move(db: sqlite3.Connection, now: Namespace, at: str) -> NamespaceMetadata:
            return now.undescribed(draft, preconditions, at, holds=_holds(db, tenant, namespace))

        return self._move(tenant, namespace, move, entry, idempotency)

    def _move(
        self, tenant: TenantId, namespace: str, move: Move, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Namespace]:
        def job(db: sqlite3.Connection) -> Committed[Namespace]:
            rows.require_tenant(db, tenant)
            clock = self._clock.now()
            earlier = rows.earlier_result(db, idempotency, clock)
            if earlier is not None:
                return Committed(Namespace.from_record(earlier), replayed=True)
            revision, at = rows.advance(db, tenant, rows.CONTROL, "", clock)
            now = _namespace(db, tenant, namespace)
            metadata = move(db, now, at)
            row = (tenant, namespace, metadata.head.deleted, json.dumps(metadata.to_record()))
            db.execute("INSERT OR REPLACE INTO namespaces VALUES (?, ?, ?, ?)", row)
            told = committed(entry, at=at, revision=revision, **metadata.told)
            rows.add_change(db, told, rows.CONTROL, "", revision)
            new = replace(now, metadata=metadata)
            rows.remember(db, idempotency, new.to_record(), clock)
            return Committed(new)

        return self._store.write(job)


def _namespace(db: sqlite3.Connection, tenant: TenantId, namespace: str) -> Namespace:
    row = db.execute("SELECT record FROM namespaces WHERE tenant = ? AND namespace = ?", (tenant, namespace)).fetchone()
    metadata = NamespaceMetadata.from_record(json.loads(row[0])) if row else None
    configs, secrets = (rows.revision_of(db, tenant, line, namespace)[0] for line in (rows.CONFIGS, rows.SECRETS))
    return Namespace(namespace, metadata, configs, secrets)


def _holds(db: sqlite3.Connection, tenant: TenantId, namespace: str) -> bool:
    asked = {"tenant": tenant, "namespace": namespace, "deleted": ChangeType.DELETE.value}
    return db.execute(_HELD, asked).fetchone() is not None
