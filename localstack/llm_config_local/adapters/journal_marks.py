"""How far each consumer has followed the journal's lines, in the embedded store."""

import json
import sqlite3
from collections.abc import Mapping

from llm_config_domain.lines import Done, Line, LineKind, Mark, Place
from llm_config_domain.names import TenantId
from llm_config_local.adapters.store import SqliteStore


class SqliteJournalMarks:
    """Implements `journal_marks`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def of(self, consumer: str, tenant: TenantId) -> Mapping[Line, Mark]:
        with self._store.snapshot() as db:
            query = "SELECT line, namespace, record FROM journal_marks WHERE consumer = ? AND tenant = ?"
            rows = db.execute(query, (consumer, tenant)).fetchall()
        return {Line(tenant, LineKind(kind), namespace): _mark(record) for kind, namespace, record in rows}

    def move(self, consumer: str, done: Mapping[Line, Done]) -> None:
        def job(db: sqlite3.Connection) -> None:
            for line, of_line in done.items():
                _move(db, consumer, line, of_line)

        self._store.write(job)

    def begin(self, consumer: str, places: Mapping[Line, Place]) -> None:
        rows = [
            (consumer, line.tenant, line.kind, line.namespace, json.dumps(Mark(place).to_record()))
            for line, place in places.items()
        ]
        self._store.write(
            lambda db: db.executemany("INSERT OR REPLACE INTO journal_marks VALUES (?, ?, ?, ?, ?)", rows)
        )

    def stopped_at(self, consumer: str) -> str:
        with self._store.snapshot() as db:
            row = db.execute("SELECT tenant FROM sweeps WHERE consumer = ?", (consumer,)).fetchone()
        return row[0] if row else ""

    def stop_at(self, consumer: str, tenant: str) -> None:
        self._store.write(lambda db: db.execute("INSERT OR REPLACE INTO sweeps VALUES (?, ?)", (consumer, tenant)))


def _move(db: sqlite3.Connection, consumer: str, line: Line, done: Done) -> None:
    key = (consumer, line.tenant, line.kind, line.namespace)
    query = "SELECT record FROM journal_marks WHERE consumer = ? AND tenant = ? AND line = ? AND namespace = ?"
    row = db.execute(query, key).fetchone()
    before = _mark(row[0]) if row else Mark()
    after = before.after(done)
    if after != before:
        record = json.dumps(after.to_record())
        db.execute("INSERT OR REPLACE INTO journal_marks VALUES (?, ?, ?, ?, ?)", (*key, record))


def _mark(record: str) -> Mark:
    return Mark.from_record(json.loads(record))
