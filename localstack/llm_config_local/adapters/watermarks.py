"""How far a consumer has followed the journal: one row each, so that a restart loses nothing and begins nowhere anew."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from llm_config_local.adapters.journal_lines import REST
from llm_config_local.adapters.store import SqliteStore

_BEHIND = """
    SELECT sequence, entry FROM journal
    WHERE sequence > coalesce((SELECT sequence FROM watermarks WHERE consumer = ?), 0)
    ORDER BY sequence LIMIT ?
"""
_PLACED_BEHIND = f"""
    SELECT sequence, entry, tenant, line, namespace, revision, ordinal, {REST} FROM journal
    WHERE sequence > coalesce((SELECT sequence FROM watermarks WHERE consumer = ?), 0)
    ORDER BY sequence LIMIT ?
"""  # noqa: S608 - ours


@dataclass(frozen=True, slots=True)
class Followed:
    """A row of the journal; `revision`, `ordinal` and `rest` are None and 0 of an access, which is in no line."""

    sequence: int
    entry: str
    tenant: str
    line: str
    namespace: str
    revision: int | None
    ordinal: int | None
    rest: int


class SqliteWatermark:
    """Of one consumer: every row of the journal up to the mark was delivered to it, or given up."""

    def __init__(self, store: SqliteStore, consumer: str) -> None:
        self._store, self._consumer = store, consumer

    def behind(self, limit: int) -> Sequence[Followed]:
        """The next rows in the order of their commits, at most `limit`. Raises Unavailable."""
        with self._store.snapshot() as db:
            return [Followed(*row) for row in db.execute(_PLACED_BEHIND, (self._consumer, limit))]

    def move(self, sequence: int, given_up: Collection[int] = ()) -> None:
        """Everything up to `sequence` is done with; what was given up is kept by its number. Raises Unavailable."""
        rows = [(self._consumer, one) for one in given_up]

        def job(db: sqlite3.Connection) -> None:
            db.executemany("INSERT OR IGNORE INTO undelivered VALUES (?, ?)", rows)
            move(db, self._consumer, sequence)

        self._store.write(job)


def rows_behind(db: sqlite3.Connection, consumer: str, limit: int) -> list[tuple[int, str]]:
    """(sequence, entry) of the journal's rows that the consumer has not followed yet."""
    return db.execute(_BEHIND, (consumer, limit)).fetchall()


def move(db: sqlite3.Connection, consumer: str, sequence: int) -> None:
    """The consumer has followed up to `sequence`, in the transaction of what it did."""
    db.execute("INSERT OR REPLACE INTO watermarks VALUES (?, ?)", (consumer, sequence))
