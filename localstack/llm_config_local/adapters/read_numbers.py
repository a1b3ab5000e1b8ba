"""The numbers of containers' accesses in the embedded store. A home's own accesses stand in its journal at once, so nothing
here comes of them: it is for lines that were printed elsewhere."""

import sqlite3
from collections.abc import Mapping, Sequence

from llm_config_domain.audit.numbers import Gap, Heard
from llm_config_local.adapters.store import SqliteStore

_COLUMNS = "container, first, last, after, before, since"


class SqliteReadNumbers:
    """Implements `read_numbers`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def hear(self, container: str, came: Mapping[int, str], at: str) -> None:
        if came:
            self._store.write(lambda db: _hear(db, container, came, at))

    def overdue(self, until: str, most: int) -> Sequence[Gap]:
        return self._store.write(lambda db: _settled(db, until, most))

    def told(self, gaps: Sequence[Gap]) -> None:
        self._store.write(lambda db: _remove(db, gaps))

    def forget(self, before: str) -> None:
        command = (
            "DELETE FROM audit_containers WHERE heard_at < ? AND container NOT IN (SELECT container FROM audit_gaps)"
        )
        self._store.write(lambda db: db.execute(command, (before,)))


def _hear(db: sqlite3.Connection, container: str, came: Mapping[int, str], at: str) -> None:
    known = db.execute(
        "SELECT last, last_at, heard_at FROM audit_containers WHERE container = ?", (container,)
    ).fetchone()
    last, last_at, heard_at = known or (0, None, at)
    query = f"SELECT {_COLUMNS} FROM audit_gaps WHERE container = ? AND NOT settled ORDER BY first"  # noqa: S608 - ours
    heard = Heard(container, last, last_at, tuple(Gap(*row) for row in db.execute(query, (container,))))
    now = heard.with_numbers(came, at)
    _remove(db, [gap for gap in heard.gaps if gap not in now.gaps])
    rows = [_row(gap) for gap in now.gaps if gap not in heard.gaps]
    db.executemany(f"INSERT INTO audit_gaps ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)  # noqa: S608 - ours
    told = (container, now.last, now.last_at, max(heard_at, at))
    db.execute("INSERT OR REPLACE INTO audit_containers VALUES (?, ?, ?, ?)", told)


def _settled(db: sqlite3.Connection, until: str, most: int) -> list[Gap]:
    wanted = "settled OR since <= ? ORDER BY since, container, first LIMIT ?"
    rows = db.execute(f"SELECT {_COLUMNS} FROM audit_gaps WHERE {wanted}", (until, most)).fetchall()  # noqa: S608 - ours
    settle = "UPDATE audit_gaps SET settled = 1 WHERE container = ? AND first = ?"
    db.executemany(settle, [row[:2] for row in rows])
    return [Gap(*row) for row in rows]


def _remove(db: sqlite3.Connection, gaps: Sequence[Gap]) -> None:
    gone = [(gap.container, gap.first) for gap in gaps]
    db.executemany("DELETE FROM audit_gaps WHERE container = ? AND first = ?", gone)


def _row(gap: Gap) -> tuple[str | int | None, ...]:
    return (gap.container, gap.first, gap.last, gap.after, gap.before, gap.since)
