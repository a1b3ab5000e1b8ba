"""What instances hold, in DynamoDB: rows that expire, in a partition of their tenant's own."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.control import ControlRows
from llm_config.adapters.dynamodb.items import ABSENT, Condition, Put
from llm_config.adapters.dynamodb.store import Lost
from llm_config_domain import times
from llm_config_domain.errors import Contended
from llm_config_domain.fleet import KEPT_SECONDS, FleetReport
from llm_config_domain.names import TenantId

_ANYHOW = Condition(f"{ABSENT.expression} OR attribute_exists(pk)")


class DynamoFleet:
    """Implements `fleet_reader` and `fleet_writer`."""

    def __init__(self, rows: ControlRows) -> None:
        self._rows = rows

    def report(self, tenant: TenantId, reports: Sequence[FleetReport]) -> None:
        self._rows.read(tenant, [])
        try:
            self._rows.store.transact([_put(tenant, report) for report in reports])
        except Lost:
            raise Contended from None

    def reports(self, tenant: TenantId, glob: str, limit: int) -> Sequence[FleetReport]:
        self._rows.read(tenant, [])
        found = self._rows.store.query("counters", keys.fleet_reports(tenant, glob), page=limit)
        return list(islice(self._kept(found), limit))

    def _kept(self, found: Iterator[Mapping[str, Any]]) -> Iterator[FleetReport]:
        now = int(self._rows.clock.now().timestamp())
        return (FleetReport.from_record(json.loads(row["record"])) for row in found if row["expires_at"] > now)


def _put(tenant: TenantId, report: FleetReport) -> Put:
    expires_at = times.parse(report.reported_at) + timedelta(seconds=KEPT_SECONDS)
    kept = {"record": json.dumps(report.to_record()), "expires_at": int(expires_at.timestamp())}
    return Put(keys.fleet_report(tenant, report.place), kept, _ANYHOW)
