"""The numbers of containers' accesses in PostgreSQL. A container's row is locked while its gaps change."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from llm_config.adapters.postgres.connection import Database
from llm_config_domain.audit.numbers import Gap, Heard
from llm_config_domain.names import PLATFORM

if TYPE_CHECKING:
    from psycopg import Connection

    Session = Connection[tuple[Any, ...]]

_COLUMNS = "container, first, last, after, before, since"


class PostgresReadNumbers:
    """Implements `read_numbers`. All rows are the platform's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hear(self, container: str, came: Mapping[int, str], at: str) -> None:
        if came:
            self._database.run(PLATFORM, lambda db: _hear(db, container, came, at))

    def overdue(self, until: str, most: int) -> Sequence[Gap]:
        return self._database.run(PLATFORM, lambda db: _settled(db, until, most))

    def told(self, gaps: Sequence[Gap]) -> None:
        gone = [(PLATFORM, gap.container, gap.first) for gap in gaps]
        self._database.run(PLATFORM, lambda db: _remove(db, gone))

    def forget(self, before: str) -> None:
        command = """
            DELETE FROM audit_containers AS silent WHERE tenant = %s AND heard_at < %s AND NOT EXISTS
            (SELECT FROM audit_gaps WHERE tenant = silent.tenant AND container = silent.container)
        """
        self._database.run(PLATFORM, lambda db: db.execute(command, (PLATFORM, before)))


def _hear(db: "Session", container: str, came: Mapping[int, str], at: str) -> None:
    heard = _locked(db, container, at, min(came))
    now = heard.with_numbers(came, at)
    _remove(db, [(PLATFORM, container, gap.first) for gap in heard.gaps if gap not in now.gaps])
    new = [_row(gap) for gap in now.gaps if gap not in heard.gaps]
    with db.cursor() as cursor:
        cursor.executemany(f"INSERT INTO audit_gaps (tenant, {_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s)", new)  # noqa: S608 - ours
    where = (now.last, now.last_at, PLATFORM, container)
    db.execute("UPDATE audit_containers SET last = %s, last_at = %s WHERE tenant = %s AND container = %s", where)


def _locked(db: "Session", container: str, at: str, lowest: int) -> Heard:
    """What is known of a container, which nobody else may change until this transaction ends: of its gaps those that
    numbers from `lowest` on can be in."""
    row = db.execute(
        """
        INSERT INTO audit_containers VALUES (%s, %s, 0, NULL, %s)
        ON CONFLICT (tenant, container) DO UPDATE SET heard_at = greatest(audit_containers.heard_at, excluded.heard_at)
        RETURNING last, last_at
        """,
        (PLATFORM, container, at),
    ).fetchone()
    query = f"""
        SELECT {_COLUMNS} FROM audit_gaps WHERE tenant = %s AND container = %s AND last >= %s AND NOT settled
        ORDER BY first FOR UPDATE
    """  # noqa: S608 - ours
    gaps = db.execute(query.encode(), (PLATFORM, container, lowest)).fetchall()
    last, last_at = row or (0, None)
    return Heard(container, last, last_at, tuple(Gap(*told) for told in gaps))


def _settled(db: "Session", until: str, most: int) -> list[Gap]:
    query = f"""
        WITH oldest AS (
            SELECT container, first FROM audit_gaps WHERE tenant = %s AND (settled OR since <= %s)
            ORDER BY since, container, first LIMIT %s FOR UPDATE
        )
        UPDATE audit_gaps SET settled = true WHERE tenant = %s AND (container, first) IN (SELECT * FROM oldest)
        RETURNING {_COLUMNS}
    """  # noqa: S608 - ours
    rows = db.execute(query.encode(), (PLATFORM, until, most, PLATFORM)).fetchall()
    return sorted((Gap(*row) for row in rows), key=lambda gap: (gap.since, gap.container, gap.first))


def _remove(db: "Session", gaps: Sequence[tuple[str, str, int]]) -> None:
    with db.cursor() as cursor:
        cursor.executemany("DELETE FROM audit_gaps WHERE tenant = %s AND container = %s AND first = %s", gaps)


def _row(gap: Gap) -> tuple[Any, ...]:
    return (PLATFORM, gap.container, gap.first, gap.last, gap.after, gap.before, gap.since)
