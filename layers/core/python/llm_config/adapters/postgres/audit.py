"""The audit in PostgreSQL: one head a tenant, locked while its tree grows, so that writers at once never fork it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from llm_config.adapters.postgres.audit_subjects import pseudonyms_of
from llm_config.adapters.postgres.connection import Database
from llm_config_domain.audit.entries import AuditQuery, Leaf, namespace_of, text_of
from llm_config_domain.audit.subjects import pseudonymous
from llm_config_domain.audit.tree import Frontier, Node, leaf_hash
from llm_config_domain.errors import Broken, NotFound
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId, glob_prefix

if TYPE_CHECKING:
    from psycopg import Connection

    Session = Connection[tuple[Any, ...]]

Lines = Callable[[TenantId], Iterable[Iterable[JournalEntry]]]
"""The lines of a tenant's journal, the newest entry of each first."""
TAIL = 25
"""So many of a line are looked at, and as many again until one of them is a leaf already."""
_DURING = """
    month < (%s::timestamptz AT TIME ZONE 'UTC') AND month + interval '1 month' > (%s::timestamptz AT TIME ZONE 'UTC')
"""
"""A month is a date, and begins in UTC."""
_NEWEST = (
    "SELECT leaf, entry FROM audit_leaves WHERE tenant = %s AND leaf < %s AND {wanted} ORDER BY leaf DESC LIMIT %s"
)
_PSEUDONYM = "SELECT pseudonym FROM audit_subjects WHERE tenant = %s AND name = %s"
_LAST = "~"
"""After every character of a name."""


class PostgresAudit:
    """Implements `audit_appender` and `audit_reader`. `lines` gives what a tenant's journal holds, `new_key` makes the
    key of a new pseudonym."""

    def __init__(self, database: Database, lines: Lines, new_key: Callable[[], str]) -> None:
        self._database, self._lines, self._new_key = database, lines, new_key

    def append(self, entries: Sequence[JournalEntry]) -> None:
        by_tenant: dict[TenantId, dict[str, JournalEntry]] = {}
        for entry in entries:
            by_tenant.setdefault(entry.tenant, {}).setdefault(entry.id, entry)
        for tenant, of_tenant in by_tenant.items():
            self._append(tenant, of_tenant)

    def _append(self, tenant: TenantId, entries: Mapping[str, JournalEntry]) -> None:
        def work(db: "Session") -> None:
            frontier = _locked(db, tenant)
            known = _known(db, tenant, list(entries))
            new = [entry for id_, entry in entries.items() if id_ not in known]
            pseudonyms = pseudonyms_of(db, tenant, new, self._new_key)
            _grow(db, tenant, frontier, [pseudonymous(entry, pseudonyms.__getitem__) for entry in new])

        self._database.run(tenant, work)

    def caught_up(self, tenant: TenantId) -> int:
        """What a stream may not have delivered yet is taken from the journal itself. A line is delivered in its order, so
        it is looked at from its end to the first entry that is a leaf."""
        behind = [entry for line in self._lines(tenant) for entry in self._behind(tenant, iter(line))]
        self.append(sorted(behind, key=lambda entry: (entry.at, entry.id)))
        return self._database.run(tenant, lambda db: _frontier(db, tenant).size)

    def _behind(self, tenant: TenantId, line: Iterator[JournalEntry]) -> Iterator[JournalEntry]:
        while page := list(islice(line, TAIL)):
            known = self._known(tenant, [entry.id for entry in page])
            yield from (entry for entry in page if entry.id not in known)
            if known:
                return

    def _known(self, tenant: TenantId, ids: Sequence[str]) -> set[str]:
        return self._database.run(tenant, lambda db: _known(db, tenant, ids))

    def nodes(self, tenant: TenantId, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        query = """
            SELECT level, place, hash FROM audit_nodes JOIN unnest(%s::smallint[], %s::bigint[]) AS asked (level, place)
            USING (level, place) WHERE tenant = %s
        """
        levels, places = [node[0] for node in nodes], [node[1] for node in nodes]
        rows = self._database.run(tenant, lambda db: db.execute(query, (levels, places, tenant)).fetchall())
        found = {(level, place): bytes(hashed) for level, place, hashed in rows}
        if len(found) != len(set(nodes)):
            raise Broken("the audit's tree lacks a part of itself")
        return found

    def find(self, tenant: TenantId, query: AuditQuery, before: int, limit: int) -> Sequence[Leaf]:
        """An actor is looked for by its name and by its pseudonym, each alone: an index of one of them is in order."""
        self._check_here(tenant, query.begin, query.end)
        wanted, values = _wanted(query)
        parts, told = [], list[Any]()
        for actor, named in _actors(tenant, query):
            parts.append(_NEWEST.format(wanted=" AND ".join([*wanted, *actor])))
            told += [tenant, before, *values, *named, limit]
        asked = f"SELECT leaf, entry FROM (({') UNION ALL ('.join(parts)})) AS found ORDER BY leaf DESC LIMIT %s"  # noqa: S608 - ours
        return self._leaves(tenant, asked, (*told, limit))

    def leaf(self, tenant: TenantId, entry_id: str) -> Leaf:
        query = "SELECT leaf, entry FROM audit_leaves WHERE tenant = %s AND id = %s"
        for found in self._leaves(tenant, query, (tenant, entry_id)):
            return found
        raise NotFound("there is no such entry")

    def leaves(self, tenant: TenantId, first: int, last: int) -> Sequence[Leaf]:
        query = "SELECT leaf, entry FROM audit_leaves WHERE tenant = %s AND leaf >= %s AND leaf < %s ORDER BY leaf"
        found = self._leaves(tenant, query, (tenant, first, last))
        if len(found) != last - first:
            self._check_held(tenant, first, last)
            raise Broken("the audit lacks entries of its tree")
        return found

    def span(self, tenant: TenantId, begin: str, end: str, size: int) -> tuple[int, int]:
        self._check_here(tenant, begin, end)
        query = "SELECT min(leaf), max(leaf) FROM audit_leaves WHERE tenant = %s AND at >= %s AND at < %s AND leaf < %s"
        row = self._database.run(tenant, lambda db: db.execute(query, (tenant, begin, end, size)).fetchone())
        return (size, size) if row is None or row[0] is None else (row[0], row[1] + 1)

    def _check_here(self, tenant: TenantId, begin: str, end: str) -> None:
        """Raises NotFound for a time of which the archive alone has entries."""
        self._refuse(tenant, _DURING, (end, begin))

    def _check_held(self, tenant: TenantId, first: int, last: int) -> None:
        self._refuse(tenant, "first < %s AND last > %s", (last, first))

    def _refuse(self, tenant: TenantId, which: str, values: Sequence[Any]) -> None:
        dropped = f"""
            SELECT max(month) + interval '1 month' FROM audit_archives JOIN audit_months USING (month)
            WHERE tenant = %s AND dropped_at IS NOT NULL AND {which}
        """  # noqa: S608 - ours
        told = self._database.run(tenant, lambda db: db.execute(dropped.encode(), (tenant, *values)).fetchone())
        if told is not None and told[0] is not None:
            raise NotFound(f"what was recorded before {told[0]:%Y-%m-%d} is in the archive alone: ask from then on")

    def _leaves(self, tenant: TenantId, query: str, values: Sequence[Any]) -> list[Leaf]:
        rows = self._database.run(tenant, lambda db: db.execute(query.encode(), values).fetchall())
        return [Leaf(*row) for row in rows]


def _known(db: "Session", tenant: TenantId, ids: Sequence[str]) -> set[str]:
    query = "SELECT id FROM audit_leaves WHERE tenant = %s AND id = ANY(%s)"
    return {row[0] for row in db.execute(query, (tenant, list(ids)))}


def _locked(db: "Session", tenant: TenantId) -> Frontier:
    """The tenant's head, which nobody else may move until this transaction ends."""
    db.execute("INSERT INTO audit_heads VALUES (%s, 0, '') ON CONFLICT DO NOTHING", (tenant,))
    row = db.execute("SELECT size, peaks FROM audit_heads WHERE tenant = %s FOR UPDATE", (tenant,)).fetchone()
    return _read(row)


def _frontier(db: "Session", tenant: TenantId) -> Frontier:
    return _read(db.execute("SELECT size, peaks FROM audit_heads WHERE tenant = %s", (tenant,)).fetchone())


def _read(row: tuple[Any, ...] | None) -> Frontier:
    return Frontier() if row is None else Frontier.unpacked(row[0], bytes(row[1]))


def _grow(db: "Session", tenant: TenantId, frontier: Frontier, entries: Sequence[JournalEntry]) -> None:
    leaves, nodes = [], list[tuple[str, int, int, bytes]]()
    for entry in entries:
        text = text_of(entry)
        told = (entry.id, entry.at, entry.event_type, entry.actor.id, namespace_of(entry), text)
        leaves.append((tenant, frontier.size, *told))
        frontier, made = frontier.appended(leaf_hash(text.encode()))
        nodes += [(tenant, *node, hashed) for node, hashed in made]
    if not leaves:
        return
    with db.cursor() as cursor:
        cursor.executemany("INSERT INTO audit_leaves VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", leaves)
        cursor.executemany("INSERT INTO audit_nodes VALUES (%s, %s, %s, %s)", nodes)
    head = (frontier.size, frontier.packed, tenant)
    db.execute("UPDATE audit_heads SET size = %s, peaks = %s WHERE tenant = %s", head)


def _actors(tenant: TenantId, query: AuditQuery) -> Sequence[tuple[Sequence[str], Sequence[str]]]:
    """(condition, its values) for each of the ids that an actor may have."""
    if query.actor is None:
        return [((), ())]
    return [(("actor = %s",), (query.actor,)), ((f"actor = ({_PSEUDONYM})",), (tenant, query.actor))]


def _wanted(query: AuditQuery) -> tuple[list[str], list[str]]:
    """(conditions, their values), but for the actor."""
    conditions, values = ["at >= %s", "at < %s"], [query.begin, query.end]
    if query.event_type is not None:
        conditions.append("event_type = %s")
        values.append(query.event_type)
    if query.namespace is not None:
        prefix = glob_prefix(query.namespace)
        conditions.append("namespace = %s" if prefix is None else "namespace >= %s AND namespace < %s")
        values += [query.namespace] if prefix is None else [prefix or "-", prefix + _LAST]
    return conditions, values
