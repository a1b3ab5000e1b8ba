"""Purges in the embedded store."""

import json
import sqlite3
from dataclasses import replace

from llm_config.ports.clock import Clock
from llm_config_domain.caches import Purge
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import TenantId
from llm_config_domain.versions import ChangeType, Committed
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore


class SqliteCachePurges:
    """Implements `cache_purger`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def purge(self, tenant: TenantId, *, entry: JournalEntry, idempotency: Idempotency | None) -> Committed[Purge]:
        def job(db: sqlite3.Connection) -> Committed[Purge]:
            was, now = rows.require_tenant(db, tenant), self._clock.now()
            earlier = rows.earlier_result(db, idempotency, now)
            if earlier is not None:
                return Committed(Purge(**earlier), replayed=True)
            revision, at = rows.advance(db, tenant, rows.CONTROL, "", now)
            new = replace(was, purges=was.purges + 1)
            db.execute("UPDATE tenants SET record = ? WHERE id = ?", (json.dumps(new.to_record()), tenant))
            told = committed(entry, ChangeType.UPDATE, at=at, version=new.purges, revision=revision)
            rows.add_change(db, told, rows.CONTROL, "", revision)
            done = Purge(new.purges, at)
            rows.remember(db, idempotency, done.to_record(), now)
            return Committed(done)

        return self._store.write(job)
