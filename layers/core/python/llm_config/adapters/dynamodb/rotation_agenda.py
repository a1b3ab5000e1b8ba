"""What is due, from the sparse index: an hour at a time."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.store import DynamoStore
from llm_config_domain import times
from llm_config_domain.rotation.agenda import Due

HOURS_EACH_TIME = 2
HOURS_ONCE_AN_HOUR = 49
"""In the first minute of an hour what was missed for two days is looked for."""


class DynamoRotationAgenda:
    """Implements `rotation_agenda`."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def due(self, until: str, limit: int) -> Sequence[Due]:
        now = times.parse(until)
        hours = HOURS_EACH_TIME if now.minute else HOURS_ONCE_AN_HOUR
        wanted = (times.rfc3339(now - timedelta(hours=back))[:13] for back in reversed(range(hours)))
        found = (due for hour in wanted for due in sorted(self._of_hour(hour, until, limit), key=lambda due: due.at))
        return list(islice(found, limit))

    def _of_hour(self, hour: str, until: str, limit: int) -> Iterator[Due]:
        for shard in range(keys.DUE_SHARDS):
            items = self._store.due(keys.due_until(hour, shard, until), page=limit)
            yield from (Due(**json.loads(item["due_record"])) for item in islice(items, limit))
