"""What services report of their use, in the embedded store."""

import json
import sqlite3
from collections.abc import Sequence

from llm_config_domain.names import Name
from llm_config_domain.rotation.evidence import Usage
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore

MAX_SERVICES = 1000
_OF_VERSION = (
    "SELECT record FROM usage_reports"
    " WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ? AND version_id = ?"
)


class SqliteUsageReports:
    """Implements `usage_reader` and `usage_writer`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def add(self, name: Name, report: Usage) -> None:
        place = (*rows.name_key(name), report.version_id, report.service)

        def job(db: sqlite3.Connection) -> None:
            row = db.execute(f"{_OF_VERSION} AND service = ?", place).fetchone()
            before = Usage.from_record(json.loads(row[0])) if row else None
            new = before.plus(report.uses, report.errors, report.reported_at) if before else report
            row = (*place, json.dumps(new.to_record()))
            db.execute("INSERT OR REPLACE INTO usage_reports VALUES (?, ?, ?, ?, ?, ?, ?)", row)

        self._store.write(job)

    def of(self, name: Name, version_id: str) -> Sequence[Usage]:
        with self._store.snapshot() as db:
            asked = (*rows.name_key(name), version_id, MAX_SERVICES)
            found = db.execute(f"{_OF_VERSION} ORDER BY service LIMIT ?", asked).fetchall()
        return [Usage.from_record(json.loads(record)) for (record,) in found]
