"""What a store holds, read again only where somebody wrote: triggers of the test's own count the writes of each table."""

import sqlite3
from typing import Any

from tests.isolation.matrix import ENTRIES

Rows = dict[str, list[tuple[Any, ...]]]
_FOLLOWING = ("audit_", "watermarks", "undelivered", "writes_counted")
"""Tables of what follows the record, and our own."""
_KNOWN = ", ".join(f"'{entry}'" for entry in ENTRIES.values())


class Stored:
    """All rows but those of the record of accesses, and the trees that follow the record."""

    def __init__(self, db: sqlite3.Connection) -> None:
        found = db.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        self._tables = [name for (name,) in found if not name.startswith(_FOLLOWING)]
        self._db, self._version = db, -1
        self._writes: dict[str, int] = {}
        self._first: Rows = {}
        db.executescript(";".join(_counting(self._tables)))
        self._first = self._rows = {table: self._read(table) for table in self._tables}

    def rows(self) -> Rows:
        """The lists of the first answer where they are equal to them: to compare these costs nothing."""
        (version,) = self._db.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            writes = dict(self._db.execute("SELECT name, times FROM writes_counted").fetchall())
            touched = [table for table in self._tables if writes.get(table) != self._writes.get(table)]
            self._rows = {**self._rows, **{table: self._read(table) for table in touched}}
            self._version, self._writes = version, writes
        return self._rows

    def _read(self, table: str) -> list[tuple[Any, ...]]:
        which = f"WHERE {_counts(table, '')}" if table == "journal" else ""
        found = self._db.execute(f"SELECT * FROM {table} {which}").fetchall()
        first = self._first.get(table, found)
        return first if found == first else found


def _counts(table: str, row: str) -> str:
    """Whether a row is one that the matrix looks at."""
    return f"{row}line <> 'A' OR {row}id IN ({_KNOWN})" if table == "journal" else "TRUE"


def _counting(tables: list[str]) -> list[str]:
    """SQL that makes the count, and has each write of `tables` counted."""
    made = ["CREATE TABLE writes_counted (name TEXT PRIMARY KEY, times INTEGER NOT NULL)"]
    for table in tables:
        noted = f"INSERT INTO writes_counted VALUES ('{table}', 1) ON CONFLICT (name) DO UPDATE SET times = times + 1"
        for verb, row in (("INSERT", "NEW."), ("UPDATE", "NEW."), ("DELETE", "OLD.")):
            when = f"AFTER {verb} ON {table} WHEN {_counts(table, row)}"
            made.append(f"CREATE TRIGGER {table}_{verb} {when} BEGIN {noted}; END")
    return made
