"""The index of names in PostgreSQL: a row a name, which only a later revision of its line replaces.

A search reads a tenant's rows in the order of its primary key until a page is full: row-level security lets no index be asked
for a part of a name (docs/adr/0024).
"""

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from llm_config.adapters.postgres.connection import Database
from llm_config_domain.name_index import Indexed, IndexedMetadata, IndexedState, Kind, NameQuery, Place
from llm_config_domain.names import Name, TenantId, glob_prefix

if TYPE_CHECKING:
    from psycopg import Connection

    Session = Connection[tuple[Any, ...]]

States = Callable[[Sequence[Indexed]], Sequence[IndexedState]]
"""How names stand in the store now."""
_LAST = "~"
"""After every character of a name."""
_FIRST: Place = ("", "", "", "")
_KEEP = """
    INSERT INTO names AS held VALUES (%s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (tenant, namespace, key, environment, kind) DO UPDATE
    SET revision = excluded.revision, record = excluded.record WHERE held.revision < excluded.revision
"""
_REACHED = """
    INSERT INTO names_reached AS held VALUES (%s, %s)
    ON CONFLICT (tenant) DO UPDATE SET at = excluded.at WHERE held.at < excluded.at
"""


class PostgresNameIndex:
    """Implements `name_index`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def search(self, tenant: TenantId, query: NameQuery, after: Place | None, limit: int) -> Sequence[IndexedMetadata]:
        wanted, values = _wanted(query)
        asked = f"""
            SELECT namespace, key, environment, kind, record FROM names
            WHERE tenant = %s AND (namespace, key, environment, kind) > (%s, %s, %s, %s) AND record IS NOT NULL AND {wanted}
            ORDER BY namespace, key, environment, kind LIMIT %s
        """  # noqa: S608 - ours
        told = (tenant, *(after or _FIRST), *values, limit)
        rows = self._database.run(tenant, lambda db: db.execute(asked.encode(), told).fetchall())
        return [_found(tenant, *row) for row in rows]

    def as_of(self, tenant: TenantId) -> str | None:
        query = "SELECT at FROM names_reached WHERE tenant = %s"
        row = self._database.run(tenant, lambda db: db.execute(query, (tenant,)).fetchone())
        return row[0] if row else None


class PostgresNameProjector:
    """Implements `name_projector`."""

    def __init__(self, database: Database, states: States) -> None:
        self._database, self._states = database, states

    def project(self, tenant: TenantId, changed: Sequence[Indexed]) -> None:
        self.keep(tenant, self._states(changed))

    def keep(self, tenant: TenantId, states: Sequence[IndexedState]) -> None:
        """In one order, so that two at once wait for each other and for nothing else."""
        rows = [_row(tenant, state) for state in sorted(states, key=lambda state: state.indexed)]

        def work(db: "Session") -> None:
            with db.cursor() as cursor:
                cursor.executemany(_KEEP, rows)

        if rows:
            self._database.run(tenant, work)

    def reached(self, tenant: TenantId, at: str) -> None:
        self._database.run(tenant, lambda db: db.execute(_REACHED, (tenant, at)))


def _row(tenant: TenantId, state: IndexedState) -> tuple[Any, ...]:
    name = state.indexed.name
    record = None if state.shown is None else json.dumps(state.shown.to_record())
    return tenant, name.namespace, name.key, name.environment, state.indexed.kind.value, state.revision, record


def _found(tenant: TenantId, namespace: str, key: str, environment: str, kind: str, record: str) -> IndexedMetadata:
    indexed = Indexed(Name(tenant, namespace, key, environment), Kind(kind))
    return IndexedMetadata.from_record(indexed, json.loads(record))


def _wanted(query: NameQuery) -> tuple[str, list[str]]:
    """(conditions, their values). The narrowest is asked first."""
    prefix = glob_prefix(query.glob)
    conditions = ["namespace = %s"] if prefix is None else ["namespace >= %s", "namespace < %s"]
    values = [query.glob] if prefix is None else [prefix, prefix + _LAST]
    for column, told in (("environment", query.environment), ("kind", query.kind)):
        if told is not None:
            conditions.append(f"{column} = %s")
            values.append(str(told))
    conditions += ["strpos(namespace || '/' || key, %s) > 0"] * len(query.words)
    return " AND ".join(conditions), [*values, *query.words]
