"""The ends of secrets in the embedded store: a row beside each version that has one."""

import json
import sqlite3
from collections.abc import Sequence

from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId, split_path
from llm_config_domain.secrets.expiry import Ending, Watch
from llm_config_local.adapters import rows, secret_rows
from llm_config_local.adapters.store import SqliteStore

_WATCHED = """SELECT record FROM secret_expiries
    WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ? AND version = ?"""


class SqliteSecretExpiries:
    """Implements `secret_expiries`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def due(self, until: str, limit: int) -> Sequence[Ending]:
        with self._store.snapshot() as db:
            found = db.execute(
                "SELECT tenant, namespace, key, environment, record FROM secret_expiries"
                " WHERE due_at <= ? ORDER BY due_at LIMIT ?",
                (until, limit),
            ).fetchall()
        endings = (_watch(row[4]).ending(Name(TenantId(row[0]), *row[1:4])) for row in found)
        return [ending for ending in endings if ending is not None]

    def look(self, ending: Ending, *, entry: JournalEntry) -> str | None:
        name = Name(ending.tenant, *split_path(ending.path), ending.environment)

        def job(db: sqlite3.Connection) -> str | None:
            now = self._clock.now()
            rows.require_tenant(db, name.tenant)
            found = db.execute(_WATCHED, (*rows.name_key(name), ending.version)).fetchone()
            mark = secret_rows.marks_of(db, name, [ending.version]).get(ending.version)
            if found is None or mark is None:
                return None
            at = times.after(now, rows.revision_of(db, name.tenant, rows.SECRETS, name.namespace)[1])
            look = _watch(found[0]).after(at, secret_rows.head_of(db, name), mark)
            if look is None:
                return None
            secret_rows.put_watch(db, name, look.watch)
            if look.told is not None:
                revision, at = rows.advance(db, name.tenant, rows.SECRETS, name.namespace, now)
                told = look.watch.told(entry, look.told, name, at=at, revision=revision)
                rows.add_change(db, told, rows.SECRETS, name.namespace, revision)
            return look.told

        return self._store.write(job)


def _watch(text: str) -> Watch:
    return Watch.from_record(json.loads(text))
