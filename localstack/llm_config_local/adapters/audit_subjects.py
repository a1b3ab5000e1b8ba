"""Who is behind the pseudonyms of the trees, in the embedded store. What is erased is overwritten (`secure_delete`)."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence, Set

from llm_config_domain.audit.subjects import Erased, Subject, names_in
from llm_config_domain.errors import NotFound
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId
from llm_config_local.adapters.store import SqliteStore


class SqliteAuditSubjects:
    """Implements `audit_subjects`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def named(self, tenant: TenantId, pseudonyms: Set[str]) -> Mapping[str, Subject]:
        query = "SELECT name, key FROM audit_subjects WHERE tenant = ? AND pseudonym = ? AND name IS NOT NULL"
        with self._store.snapshot() as db:
            found = {one: db.execute(query, (tenant, one)).fetchone() for one in sorted(pseudonyms)}
        return {pseudonym: Subject(*row) for pseudonym, row in found.items() if row}

    def erase(self, tenant: TenantId, subject: str, at: str) -> Erased:
        return self._store.write(lambda db: _erase(db, tenant, subject, at))


def pseudonyms_of(
    db: sqlite3.Connection, tenant: TenantId, entries: Sequence[JournalEntry], new_key: Callable[[], str]
) -> Mapping[str, str]:
    """{name: pseudonym} of who acted in `entries`; who was not known is now."""
    return {name: _pseudonym(db, tenant, name, new_key) for name in sorted(names_in(entries))}


def _pseudonym(db: sqlite3.Connection, tenant: TenantId, name: str, new_key: Callable[[], str]) -> str:
    query = "SELECT pseudonym FROM audit_subjects WHERE tenant = ? AND name = ?"
    row = db.execute(query, (tenant, name)).fetchone()
    if row:
        return str(row[0])
    new = Subject(name, new_key())
    db.execute("INSERT INTO audit_subjects VALUES (?, ?, ?, ?, NULL)", (tenant, new.pseudonym, new.name, new.key))
    return new.pseudonym


def _erase(db: sqlite3.Connection, tenant: TenantId, subject: str, at: str) -> Erased:
    query = "SELECT pseudonym, erased_at FROM audit_subjects WHERE tenant = ? AND (name = ? OR pseudonym = ?)"
    row = db.execute(f"{query} ORDER BY name = ? DESC", (tenant, subject, subject, subject)).fetchone()
    if row is None:
        raise NotFound("there is nobody of this name in the audit")
    pseudonym, erased_at = row
    if erased_at is None:
        change = "UPDATE audit_subjects SET name = NULL, key = NULL, erased_at = ? WHERE tenant = ? AND pseudonym = ?"
        db.execute(change, (at, tenant, pseudonym))
    return Erased(pseudonym, erased_at or at)
