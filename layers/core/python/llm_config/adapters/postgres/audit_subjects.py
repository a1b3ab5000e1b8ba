"""Who is behind the pseudonyms of the trees, in PostgreSQL."""

from collections.abc import Callable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

from llm_config.adapters.postgres.connection import Database
from llm_config_domain.audit.subjects import Erased, Subject, names_in
from llm_config_domain.errors import NotFound
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId

if TYPE_CHECKING:
    from psycopg import Connection

    Session = Connection[tuple[Any, ...]]


class PostgresAuditSubjects:
    """Implements `audit_subjects`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def named(self, tenant: TenantId, pseudonyms: Set[str]) -> Mapping[str, Subject]:
        query = """
            SELECT pseudonym, name, key FROM audit_subjects
            WHERE tenant = %s AND pseudonym = ANY(%s) AND name IS NOT NULL
        """
        asked = (tenant, sorted(pseudonyms))
        rows = self._database.run(tenant, lambda db: db.execute(query, asked).fetchall()) if pseudonyms else []
        return {pseudonym: Subject(name, key) for pseudonym, name, key in rows}

    def erase(self, tenant: TenantId, subject: str, at: str) -> Erased:
        return self._database.run(tenant, lambda db: _erase(db, tenant, subject, at))


def pseudonyms_of(
    db: "Session", tenant: TenantId, entries: Sequence[JournalEntry], new_key: Callable[[], str]
) -> Mapping[str, str]:
    """{name: pseudonym} of who acted in `entries`; who was not known is now. The tenant's head is locked meanwhile."""
    names = names_in(entries)
    query = "SELECT name, pseudonym FROM audit_subjects WHERE tenant = %s AND name = ANY(%s)"
    known: dict[str, str] = dict(db.execute(query, (tenant, sorted(names))).fetchall()) if names else {}
    new = [Subject(name, new_key()) for name in sorted(names - known.keys())]
    if new:
        rows = [(tenant, one.pseudonym, one.name, one.key) for one in new]
        with db.cursor() as cursor:
            cursor.executemany("INSERT INTO audit_subjects VALUES (%s, %s, %s, %s, NULL)", rows)
    return known | {one.name: one.pseudonym for one in new}


def _erase(db: "Session", tenant: TenantId, subject: str, at: str) -> Erased:
    query = """
        SELECT pseudonym, erased_at FROM audit_subjects WHERE tenant = %s AND (name = %s OR pseudonym = %s)
        ORDER BY name IS NOT DISTINCT FROM %s DESC LIMIT 1 FOR UPDATE
    """
    row = db.execute(query, (tenant, subject, subject, subject)).fetchone()
    if row is None:
        raise NotFound("there is nobody of this name in the audit")
    pseudonym, erased_at = row
    if erased_at is None:
        change = (
            "UPDATE audit_subjects SET name = NULL, key = NULL, erased_at = %s WHERE tenant = %s AND pseudonym = %s"
        )
        db.execute(change, (at, tenant, pseudonym))
    return Erased(pseudonym, erased_at or at)
