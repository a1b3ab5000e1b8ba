"""The shape of the audit's database, and how long it keeps entries: what the database's owner does, and nobody else.

A month's partition is copied to the archive piece by piece, and dropped a year after it ended if every entry of it was
copied. The owner reads a partition itself: row-level security stands before the table that it is a part of.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from llm_config_domain.errors import Unavailable

if TYPE_CHECKING:
    from psycopg import Connection

    Session = Connection[tuple[Any, ...]]

Put = Callable[[str, bytes], None]
"""(name, content)"""
ENTRIES = 20_000
"""Of one piece of the archive: some 12 MB."""
CONNECT_SECONDS = 10
TIMEOUTS = "-c statement_timeout=120000 -c lock_timeout=5000"
_LOCK = 7_203_911
"""Any number, the same each time: two that keep the database at once wait for each other."""
_PARTITION = re.compile(r"audit_leaves_(\d{4})_(\d\d)")


class PostgresAuditKeeper:
    """Implements `audit_keeper`. `address` gives the owner's connection string, `put` takes a piece of the archive."""

    def __init__(self, address: Callable[[], str], put: Put) -> None:
        self._address, self._put = address, put

    def migrate(self) -> Sequence[str]:
        with self._alone() as db:
            db.execute("CREATE TABLE IF NOT EXISTS migrations (name text PRIMARY KEY, at timestamptz NOT NULL)")
            known = {row[0] for row in db.execute("SELECT name FROM migrations")}
            new = [(name, text) for name, text in sorted(migrations().items()) if name not in known]
            for name, text in new:
                with db.transaction():
                    db.execute(text.encode())
                    db.execute("INSERT INTO migrations VALUES (%s, now())", (name,))
            return [name for name, _ in new]

    def make_months(self, first: date, months: int) -> Sequence[str]:
        with self._alone() as db:
            return [row[0] for row in db.execute("SELECT audit_make_months(%s, %s)", (first, months))]

    def archive(self, before: date, most: int) -> Sequence[str]:
        done: list[str] = []
        with self._alone() as db:
            archived = _months(db, "archived_at IS NOT NULL")
            for month in _ended(db, before):
                if month not in archived:
                    done += self._pieces(db, month, most - len(done))
                if len(done) >= most:
                    break
        return done

    def drop(self, before: date) -> Sequence[str]:
        dropped = []
        with self._alone() as db:
            archived = _months(db, "archived_at IS NOT NULL")
            for month in (month for month in _ended(db, before) if month in archived):
                with db.transaction():
                    if _let_go(db, month):
                        dropped.append(f"{month:%Y-%m}")
        return dropped

    def _pieces(self, db: "Session", month: date, most: int) -> list[str]:
        """Of one month, as far as `most` goes; a month without a rest is an archived one."""
        done: list[str] = []
        tenants = f"SELECT DISTINCT tenant FROM {_table(month)} ORDER BY 1"  # noqa: S608 - ours
        for (tenant,) in db.execute(tenants.encode()).fetchall():
            while len(done) < most and (piece := self._piece(db, month, tenant)):
                done.append(piece)
        if len(done) < most:
            db.execute(
                "INSERT INTO audit_months (month, archived_at) VALUES (%s, now())"
                " ON CONFLICT (month) DO UPDATE SET archived_at = now()",
                (month,),
            )
        return done

    def _piece(self, db: "Session", month: date, tenant: str) -> str | None:
        """The next entries of a tenant's month, each in a line with its place in the tree. The object before the row: an
        object that is put twice is the same."""
        told = db.execute("SELECT max(last) FROM audit_archives WHERE tenant = %s AND month = %s", (tenant, month))
        behind = (told.fetchone() or (None,))[0] or 0
        wanted = f"SELECT leaf, entry FROM {_table(month)} WHERE tenant = %s AND leaf >= %s ORDER BY leaf LIMIT %s"  # noqa: S608 - ours
        rows = db.execute(wanted.encode(), (tenant, behind, ENTRIES)).fetchall()
        if not rows:
            return None
        first, last = rows[0][0], rows[-1][0] + 1
        name = f"archive/{tenant}/{month:%Y-%m}/{first:015d}.jsonl"
        self._put(name, "".join(f'{{"leaf":{leaf},"entry":{entry}}}\n' for leaf, entry in rows).encode())
        db.execute("INSERT INTO audit_archives VALUES (%s, %s, %s, %s, %s)", (tenant, month, first, last, len(rows)))
        return name

    @contextmanager
    def _alone(self) -> "Iterator[Session]":
        """A connection of the owner's that commits by itself, and keeps others of its kind waiting."""
        import psycopg

        try:
            with psycopg.connect(
                self._address(),
                autocommit=True,
                connect_timeout=CONNECT_SECONDS,
                prepare_threshold=None,
                options=TIMEOUTS,
            ) as db:
                db.execute("SET lock_timeout = 0")
                db.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
                db.execute("RESET lock_timeout")
                yield db
        except psycopg.Error as error:
            raise Unavailable("the audit's database cannot be kept now") from error


def migrations() -> dict[str, str]:
    """{name: SQL}."""
    found = files("llm_config.adapters.postgres").joinpath("migrations")
    return {file.name: file.read_text() for file in found.iterdir() if file.name.endswith(".sql")}


def _table(month: date) -> str:
    return f"audit_leaves_{month:%Y_%m}"


def _ended(db: "Session", before: date) -> list[date]:
    """The months of which there is a partition and that had ended by `before`, the oldest first."""
    names = db.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'audit_leaves'::regclass")
    found = [_PARTITION.fullmatch(row[0]) for row in names]
    months = sorted(date(int(told[1]), int(told[2]), 1) for told in found if told)
    return [month for month in months if (month.year, month.month) < (before.year, before.month)]


def _months(db: "Session", which: str) -> set[date]:
    return {row[0] for row in db.execute(f"SELECT month FROM audit_months WHERE {which}".encode())}  # noqa: S608 - ours


def _let_go(db: "Session", month: date) -> bool:
    """Whether the month's partition is gone now: not if an entry came to it since it was archived, which is archived
    next time."""
    table = _table(month)
    db.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE".encode())
    (held,) = db.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() or (0,)  # noqa: S608 - ours
    (kept,) = db.execute(
        "SELECT coalesce(sum(entries), 0) FROM audit_archives WHERE month = %s", (month,)
    ).fetchone() or (0,)
    if held != kept:
        db.execute("UPDATE audit_months SET archived_at = NULL WHERE month = %s", (month,))
        return False
    db.execute(f"ALTER TABLE audit_leaves DETACH PARTITION {table}".encode())
    db.execute(f"DROP TABLE {table}".encode())
    db.execute("UPDATE audit_months SET dropped_at = now() WHERE month = %s", (month,))
    return True
