"""The audit in the embedded store: the journal's rows become leaves, in the order in which they were committed.

The store has one writer, so the journal's own numbers are that order, and a mark says how far the trees have followed.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

from llm_config_domain.audit.entries import AuditQuery, Leaf, namespace_of, text_of
from llm_config_domain.audit.subjects import pseudonymous
from llm_config_domain.audit.tree import Frontier, Node, leaf_hash
from llm_config_domain.errors import Broken, NotFound, Unavailable
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId, glob_prefix
from llm_config_local.adapters.audit_subjects import pseudonyms_of
from llm_config_local.adapters.store import SqliteStore
from llm_config_local.adapters.watermarks import move, rows_behind

FOLLOWER = "audit"
AT_ONCE = 500
MAX_ROUNDS = 2000
_LAST = "~"
"""After every character of a name."""


class SqliteAudit:
    """Implements `audit_appender` and `audit_reader`. `flush` writes the accesses that wait for it, `new_key` makes
    the key of a new pseudonym."""

    def __init__(self, store: SqliteStore, flush: Callable[[], None], new_key: Callable[[], str]) -> None:
        self._store, self._flush, self._new_key = store, flush, new_key

    def append(self, entries: Sequence[JournalEntry]) -> None:
        self._store.write(lambda db: self._add(db, entries))

    def caught_up(self, tenant: TenantId) -> int:
        """Follows the journal itself: whoever asks for a proof waits for no thread."""
        self._flush()
        for _ in range(MAX_ROUNDS):
            if self.follow() < AT_ONCE:
                return self._size(tenant)
        raise Unavailable("the audit has too much to catch up with")

    def follow(self) -> int:
        """Append the next rows of the journal; how many there were. All of it is one transaction, with the mark."""

        def job(db: sqlite3.Connection) -> int:
            rows = rows_behind(db, FOLLOWER, AT_ONCE)
            self._add(db, [JournalEntry.from_record(json.loads(entry)) for _, entry in rows])
            if rows:
                move(db, FOLLOWER, rows[-1][0])
            return len(rows)

        return self._store.write(job)

    def nodes(self, tenant: TenantId, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        query = "SELECT hash FROM audit_nodes WHERE tenant = ? AND level = ? AND place = ?"
        with self._store.snapshot() as db:
            found = {node: db.execute(query, (tenant, *node)).fetchone() for node in nodes}
        if None in found.values():
            raise Broken("the audit's tree lacks a part of itself")
        return {node: row[0] for node, row in found.items()}

    def find(self, tenant: TenantId, query: AuditQuery, before: int, limit: int) -> Sequence[Leaf]:
        wanted, values = _wanted(tenant, query)
        with self._store.snapshot() as db:
            found = db.execute(
                f"SELECT leaf, entry FROM audit_leaves WHERE tenant = ? AND leaf < ? AND {wanted}"  # noqa: S608 - ours
                " ORDER BY leaf DESC LIMIT ?",
                (tenant, before, *values, limit),
            ).fetchall()
        return [Leaf(*row) for row in found]

    def leaf(self, tenant: TenantId, entry_id: str) -> Leaf:
        with self._store.snapshot() as db:
            query = "SELECT leaf, entry FROM audit_leaves WHERE tenant = ? AND id = ?"
            row = db.execute(query, (tenant, entry_id)).fetchone()
        if row is None:
            raise NotFound("there is no such entry")
        return Leaf(*row)

    def leaves(self, tenant: TenantId, first: int, last: int) -> Sequence[Leaf]:
        query = "SELECT leaf, entry FROM audit_leaves WHERE tenant = ? AND leaf >= ? AND leaf < ? ORDER BY leaf"
        with self._store.snapshot() as db:
            found = [Leaf(*row) for row in db.execute(query, (tenant, first, last))]
        if len(found) != last - first:
            raise Broken("the audit lacks entries of its tree")
        return found

    def span(self, tenant: TenantId, begin: str, end: str, size: int) -> tuple[int, int]:
        query = "SELECT min(leaf), max(leaf) FROM audit_leaves WHERE tenant = ? AND at >= ? AND at < ? AND leaf < ?"
        with self._store.snapshot() as db:
            first, last = db.execute(query, (tenant, begin, end, size)).fetchone()
        return (size, size) if first is None else (first, last + 1)

    def _size(self, tenant: TenantId) -> int:
        with self._store.snapshot() as db:
            return _frontier(db, tenant).size

    def _add(self, db: sqlite3.Connection, entries: Iterable[JournalEntry]) -> None:
        """In one transaction: each tenant's new leaves, the nodes that they make whole, its head, and the pseudonyms of
        who was not known before."""
        by_tenant: dict[TenantId, dict[str, JournalEntry]] = {}
        for entry in entries:
            by_tenant.setdefault(entry.tenant, {}).setdefault(entry.id, entry)
        for tenant, of_tenant in by_tenant.items():
            new = [entry for entry in of_tenant.values() if not _known(db, entry)]
            pseudonyms = pseudonyms_of(db, tenant, new, self._new_key)
            _grow(db, tenant, [pseudonymous(entry, pseudonyms.__getitem__) for entry in new])


def _grow(db: sqlite3.Connection, tenant: TenantId, entries: Sequence[JournalEntry]) -> None:
    frontier, leaves, nodes = _frontier(db, tenant), [], list[tuple[str, int, int, bytes]]()
    for entry in entries:
        text = text_of(entry)
        told = (entry.id, entry.at, entry.event_type, entry.actor.id, namespace_of(entry), text)
        leaves.append((tenant, frontier.size, *told))
        frontier, made = frontier.appended(leaf_hash(text.encode()))
        nodes += [(tenant, *node, hashed) for node, hashed in made]
    if leaves:
        db.executemany("INSERT INTO audit_leaves VALUES (?, ?, ?, ?, ?, ?, ?, ?)", leaves)
        db.executemany("INSERT INTO audit_nodes VALUES (?, ?, ?, ?)", nodes)
        head = (tenant, frontier.size, frontier.packed)
        db.execute("INSERT OR REPLACE INTO audit_heads VALUES (?, ?, ?)", head)


def _known(db: sqlite3.Connection, entry: JournalEntry) -> bool:
    query = "SELECT 1 FROM audit_leaves WHERE tenant = ? AND id = ?"
    return db.execute(query, (entry.tenant, entry.id)).fetchone() is not None


def _frontier(db: sqlite3.Connection, tenant: TenantId) -> Frontier:
    row = db.execute("SELECT size, peaks FROM audit_heads WHERE tenant = ?", (tenant,)).fetchone()
    return Frontier() if row is None else Frontier.unpacked(*row)


def _wanted(tenant: TenantId, query: AuditQuery) -> tuple[str, list[str]]:
    """(conditions, their values)."""
    conditions, values = ["at >= ?", "at < ?"], [query.begin, query.end]
    if query.event_type is not None:
        conditions.append("event_type = ?")
        values.append(query.event_type)
    if query.actor is not None:
        conditions.append("actor IN (?, (SELECT pseudonym FROM audit_subjects WHERE tenant = ? AND name = ?))")
        values += [query.actor, tenant, query.actor]
    if query.namespace is not None:
        prefix = glob_prefix(query.namespace)
        conditions.append("namespace = ?" if prefix is None else "namespace >= ? AND namespace < ?")
        values += [query.namespace] if prefix is None else [prefix or "-", prefix + _LAST]
    return " AND ".join(conditions), values
