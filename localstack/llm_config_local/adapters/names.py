"""What is looked for by its name in the embedded store: the tables themselves are the index, so it is never behind."""

import json
import sqlite3
from collections.abc import Sequence
from heapq import merge
from itertools import islice

from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.configs.entries import ConfigMetadata
from llm_config_domain.name_index import Indexed, IndexedMetadata, Kind, NameQuery, Place
from llm_config_domain.names import Name, TenantId
from llm_config_local.adapters import rows, secret_rows
from llm_config_local.adapters.store import SqliteStore

_CONFIGS = """SELECT namespace, key, environment, record FROM config_heads
    JOIN config_versions USING (tenant, namespace, key, environment, version)
    WHERE json_extract(record, '$.change_type') <> 'delete'"""
_SECRETS = f"""SELECT namespace, key, environment, record, mark, {secret_rows.HEAD} FROM secret_heads
    JOIN secret_versions USING (tenant, namespace, key, environment, version)
    WHERE NOT deleted"""  # noqa: S608 - ours
_ORDER = "ORDER BY namespace, key, environment LIMIT ?"


class SqliteNames:
    """Implements `name_index`, and `name_projector` by having nothing to do."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def search(self, tenant: TenantId, query: NameQuery, after: Place | None, limit: int) -> Sequence[IndexedMetadata]:
        with self._store.snapshot() as db:
            found = [
                find(db, tenant, query, after, limit)
                for kind, find in ((Kind.CONFIG, _configs), (Kind.SECRET, _secrets))
                if query.kind in (None, kind)
            ]
        return list(islice(merge(*found, key=lambda entry: entry.place), limit))

    def as_of(self, tenant: TenantId) -> str | None:
        return times.rfc3339(self._clock.now())

    def project(self, tenant: TenantId, changed: Sequence[Indexed]) -> None:
        return None

    def reached(self, tenant: TenantId, at: str) -> None:
        return None


def _configs(
    db: sqlite3.Connection, tenant: TenantId, query: NameQuery, after: Place | None, limit: int
) -> list[IndexedMetadata]:
    wanted, values = _wanted(tenant, query, after, Kind.CONFIG)
    found = db.execute(f"{_CONFIGS} AND {wanted} {_ORDER}", (*values, limit)).fetchall()
    entries = (ConfigMetadata.from_record(Name(tenant, *place), json.loads(record)) for *place, record in found)
    return [IndexedMetadata.of_config(entry) for entry in entries]


def _secrets(
    db: sqlite3.Connection, tenant: TenantId, query: NameQuery, after: Place | None, limit: int
) -> list[IndexedMetadata]:
    wanted, values = _wanted(tenant, query, after, Kind.SECRET)
    found = db.execute(f"{_SECRETS} AND {wanted} {_ORDER}", (*values, limit)).fetchall()
    listed = ((Name(tenant, *row[:3]), row[3:5], secret_rows.head_from(row[5:])) for row in found)
    return [IndexedMetadata.of_secret(secret_rows.metadata_from(*one)) for one in listed]


def _wanted(tenant: TenantId, query: NameQuery, after: Place | None, kind: Kind) -> tuple[str, list[str]]:
    """(condition, its values). A secret comes after the config of the same name."""
    condition, values = rows.namespaces(query.glob)
    conditions, values = ["tenant = ?", condition], [tenant, *values]
    if after is not None:
        conditions.append(f"(namespace, key, environment) {'>=' if kind > after[3] else '>'} (?, ?, ?)")
        values += after[:3]
    if query.environment is not None:
        conditions.append("environment = ?")
        values.append(query.environment)
    conditions += ["instr(namespace || '/' || key, ?) > 0"] * len(query.words)
    return " AND ".join(conditions), [*values, *query.words]
