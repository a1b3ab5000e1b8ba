"""The ends of secrets in DynamoDB: a row beside each version that has one, in the sparse index until all is told."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice

from llm_config.adapters.dynamodb import expiry_rows, keys
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.secrets import head_of, mark_of, relocation
from llm_config.adapters.dynamodb.store import Lost
from llm_config.adapters.dynamodb.versioned import Standing, VersionedRows
from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.errors import Contended
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, split_path
from llm_config_domain.secrets.expiry import Ending, Look

DAYS_EACH_TIME = 2
DAYS_ONCE_AN_HOUR = 41
"""In the first minute of an hour what was missed for forty days is looked for."""


class DynamoSecretExpiries:
    """Implements `secret_expiries`."""

    def __init__(self, rows: VersionedRows, clock: Clock) -> None:
        self._rows, self._clock = rows, clock

    def due(self, until: str, limit: int) -> Sequence[Ending]:
        now = times.parse(until)
        days = DAYS_EACH_TIME if now.minute else DAYS_ONCE_AN_HOUR
        wanted = (times.rfc3339(now - timedelta(days=back))[:10] for back in reversed(range(days)))
        found = (one for day in wanted for one in sorted(self._of_day(day, until, limit), key=lambda one: one.at))
        return list(islice(found, limit))

    def _of_day(self, day: str, until: str, limit: int) -> Iterator[Ending]:
        for shard in range(keys.DUE_SHARDS):
            items = self._rows.store.due(keys.ending_until(day, shard, until), page=limit)
            yield from (Ending(**json.loads(item["due_record"])) for item in islice(items, limit))

    def look(self, ending: Ending, *, entry: JournalEntry) -> str | None:
        name = Name(ending.tenant, *split_path(ending.path), ending.environment)
        place = keys.expiry(name, ending.version)
        for _ in attempts(self._clock):
            standing = self._rows.standing([name], None, [ending.version], [place])
            was, row, kept = standing.heads.get(name), standing.versions.get(ending.version), standing.beside.get(place)
            if was is None or row is None or kept is None:
                return None
            look = expiry_rows.watch(kept).after(standing.stamp(name), head_of(was), mark_of(row))
            if look is None:
                return None
            try:
                self._keep(standing, name, look, entry)
            except Lost:
                continue
            return look.told
        raise Contended

    def _keep(self, standing: Standing, name: Name, look: Look, entry: JournalEntry) -> None:
        watch = look.watch
        put = expiry_rows.put(name, watch, standing.beside.get(keys.expiry(name, watch.version)))
        if look.told is None:
            return self._rows.store.transact([put])
        at, revision = standing.stamp(name), standing.revision(name)
        told = watch.told(entry, look.told, name, at=at, revision=revision)
        was = standing.heads[name]
        change = relocation(name, was, {}, {}, head_of(was), told)
        return self._rows.commit(standing, [change], idempotency=None, result=None, beside=[put])
