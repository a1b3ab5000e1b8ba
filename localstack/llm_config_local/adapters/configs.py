"""Configs in the embedded store."""

import json
import sqlite3

from llm_config.ports.clock import Clock
from llm_config_domain.configs.entries import ConfigDraft, ConfigVersion, Layers, next_version
from llm_config_domain.errors import NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import PLATFORM, Name, TenantId
from llm_config_domain.versions import Committed, Preconditions, head_of
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore

_CURRENT = """SELECT v.environment, v.record, v.value FROM config_heads h JOIN config_versions v
    USING (tenant, namespace, key, environment, version) WHERE tenant = ? AND namespace = ? AND key = ?"""


class SqliteConfigs:
    """Implements `config_reader` and `config_writer`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def entry(self, name: Name, version: int | None = None) -> ConfigVersion:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            found = _current(db, name) if version is None else _version(db, name, version)
        if found is None or (version is None and found.head.deleted):
            raise NotFound("there is no such config in this environment")
        return found

    def layers(self, tenant: TenantId, namespace: str, key: str) -> Layers:
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            revision, _ = rows.revision_of(db, tenant, rows.CONFIGS, namespace)
            return Layers(
                revision, _environments(db, tenant, namespace, key), _environments(db, PLATFORM, namespace, key)
            )

    def put(
        self,
        name: Name,
        draft: ConfigDraft,
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[ConfigVersion]:
        def job(db: sqlite3.Connection) -> Committed[ConfigVersion]:
            now = self._clock.now()
            rows.require_tenant(db, name.tenant)
            earlier = rows.earlier_result(db, idempotency, now)
            if earlier is not None:
                return Committed(_existing(db, name, earlier["version"]), replayed=True)
            current = _current(db, name)
            preconditions.check(head_of(current))
            revision, at = rows.advance(db, name.tenant, rows.CONFIGS, name.namespace, now)
            new = next_version(name, current, draft, revision=revision, at=at)
            _insert(db, new)
            rows.add_change(db, new.told(entry), rows.CONFIGS, name.namespace, revision)
            rows.remember(db, idempotency, {"version": new.version}, now)
            return Committed(new)

        return self._store.write(job)


def _insert(db: sqlite3.Connection, new: ConfigVersion) -> None:
    key = rows.name_key(new.name)
    db.execute(
        "INSERT INTO config_versions VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*key, new.version, json.dumps(new.to_record()), new.value),
    )
    db.execute("INSERT OR REPLACE INTO config_heads VALUES (?, ?, ?, ?, ?)", (*key, new.version))


def _environments(db: sqlite3.Connection, tenant: TenantId, namespace: str, key: str) -> dict[str, ConfigVersion]:
    found = db.execute(_CURRENT, (tenant, namespace, key)).fetchall()
    return {
        environment: ConfigVersion.from_record(Name(tenant, namespace, key, environment), json.loads(record), value)
        for environment, record, value in found
    }


def _current(db: sqlite3.Connection, name: Name) -> ConfigVersion | None:
    row = db.execute(f"{_CURRENT} AND environment = ?", rows.name_key(name)).fetchone()
    return ConfigVersion.from_record(name, json.loads(row[1]), row[2]) if row else None


def _version(db: sqlite3.Connection, name: Name, version: int) -> ConfigVersion | None:
    row = db.execute(
        "SELECT record, value FROM config_versions "
        "WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ? AND version = ?",
        (*rows.name_key(name), version),
    ).fetchone()
    return ConfigVersion.from_record(name, json.loads(row[0]), row[1]) if row else None


def _existing(db: sqlite3.Connection, name: Name, version: int) -> ConfigVersion:
    found = _version(db, name, version)
    if found is None:
        raise NotFound("the version that this key wrote is gone")
    return found
