"""The change feed in the embedded store: the journal's line of a namespace, and the versions that it tells of."""

import json
import sqlite3
from collections.abc import Iterator, Sequence

from llm_config_domain.configs.entries import ConfigVersion
from llm_config_domain.journal import JournalEntry, whole_revisions
from llm_config_domain.names import Name, TenantId, split_path
from llm_config_local.adapters import rows
from llm_config_local.adapters.configs import existing_version
from llm_config_local.adapters.store import SqliteStore

_LINES = "SELECT namespace, revision FROM revisions WHERE tenant = ? AND line = ?"


class SqliteChangeFeed:
    """Implements `change_feed`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def lines(self, tenant: TenantId, glob: str, after: str, limit: int) -> Sequence[tuple[str, int]]:
        condition, parameters = rows.namespaces(glob)
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            found = db.execute(
                f"{_LINES} AND {condition} AND namespace > ? ORDER BY namespace LIMIT ?",
                (tenant, rows.CONFIGS, *parameters, after, limit),
            )
            return [(namespace, revision) for namespace, revision in found]

    def changes(self, tenant: TenantId, namespace: str, revision: int, limit: int) -> Sequence[ConfigVersion]:
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            entries = whole_revisions(_entries(db, tenant, namespace, revision), limit)
            return [existing_version(db, _name(tenant, entry), entry.metadata["version"]) for entry in entries]


def _entries(db: sqlite3.Connection, tenant: TenantId, namespace: str, revision: int) -> Iterator[JournalEntry]:
    found = db.execute(
        "SELECT entry FROM journal WHERE tenant = ? AND line = ? AND namespace = ? AND revision > ?"
        " ORDER BY revision, ordinal",
        (tenant, rows.CONFIGS, namespace, revision),
    )
    return (JournalEntry.from_record(json.loads(entry)) for (entry,) in found)


def _name(tenant: TenantId, entry: JournalEntry) -> Name:
    return Name(tenant, *split_path(entry.resource.id), str(entry.resource.environment))
