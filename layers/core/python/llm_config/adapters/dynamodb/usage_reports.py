"""What services report of their use, as counters: a row for each service and version, which expires by itself."""

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import islice

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.items import Put, unchanged
from llm_config.adapters.dynamodb.store import DynamoStore, Lost
from llm_config.ports.clock import Clock
from llm_config_domain.errors import Contended
from llm_config_domain.names import Name
from llm_config_domain.rotation.evidence import Usage

KEPT = timedelta(days=180)
MAX_SERVICES = 1000


class DynamoUsageReports:
    """Implements `usage_reader` and `usage_writer`."""

    def __init__(self, store: DynamoStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def add(self, name: Name, report: Usage) -> None:
        place = keys.usage(name, report.version_id, report.service)
        for _ in attempts(self._clock):
            was = self._store.get(place)
            before = Usage.from_record(json.loads(was["record"])) if was else None
            new = before.plus(report.uses, report.errors, report.reported_at) if before else report
            expires_at = int((self._clock.now() + KEPT).timestamp())
            count = (was["count"] if was else 0) + 1
            row = {"record": json.dumps(new.to_record()), "count": count, "expires_at": expires_at}
            try:
                self._store.put(Put(place, row, unchanged(was, "count")))
            except Lost:
                continue
            return
        raise Contended

    def of(self, name: Name, version_id: str) -> Sequence[Usage]:
        found = self._store.query("counters", keys.usages_of(name, version_id), page=MAX_SERVICES)
        return [Usage.from_record(json.loads(item["record"])) for item in islice(found, MAX_SERVICES)]
