"""What instances hold, in the embedded store: rows that expire."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import timedelta

from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.fleet import KEPT_SECONDS, FleetReport
from llm_config_domain.names import TenantId
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore

_REPORTS = "SELECT record FROM fleet_reports WHERE tenant = ? AND expires_at > ?"
_ORDER = "ORDER BY namespace, environment, service, instance LIMIT ?"


class SqliteFleet:
    """Implements `fleet_reader` and `fleet_writer`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def report(self, tenant: TenantId, reports: Sequence[FleetReport]) -> None:
        now = times.rfc3339(self._clock.now())

        def job(db: sqlite3.Connection) -> None:
            rows.require_tenant(db, tenant)
            db.execute("DELETE FROM fleet_reports WHERE tenant = ? AND expires_at <= ?", (tenant, now))
            db.executemany(
                "INSERT OR REPLACE INTO fleet_reports VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(tenant, *report.place, json.dumps(report.to_record()), _end(report)) for report in reports],
            )

        self._store.write(job)

    def reports(self, tenant: TenantId, glob: str, limit: int) -> Sequence[FleetReport]:
        condition, parameters = rows.namespaces(glob)
        now = times.rfc3339(self._clock.now())
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            found = db.execute(f"{_REPORTS} AND {condition} {_ORDER}", (tenant, now, *parameters, limit))
            return [FleetReport.from_record(json.loads(record)) for (record,) in found]


def _end(report: FleetReport) -> str:
    return times.rfc3339(times.parse(report.reported_at) + timedelta(seconds=KEPT_SECONDS))
