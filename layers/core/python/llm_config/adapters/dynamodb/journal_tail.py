"""The newest rows of a tenant's journal, line by line: what whoever follows its stream may not have been given yet."""

import json
from collections.abc import Iterator
from datetime import timedelta

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.items import Item
from llm_config.adapters.dynamodb.store import DynamoStore
from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId

PAGE = 25
HOURS = 2
"""Accesses are looked for in this hour and the one before."""
MAX_LINES = 500


class DynamoJournalTail:
    """Gives each line of a tenant, newest row first. A namespace that was made this very moment may be left out: that it
    is there, an index says, a moment later."""

    def __init__(self, store: DynamoStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def __call__(self, tenant: TenantId) -> Iterator[Iterator[JournalEntry]]:
        for line in self._lines(tenant):
            yield map(_entry, self._store.query("journal", line, newest_first=True, page=PAGE))

    def _lines(self, tenant: TenantId) -> Iterator[keys.Range]:
        yield keys.control_changes(tenant)
        for table, changes in (("configs", keys.config_changes), ("secrets", keys.secret_changes)):
            listed = self._store.listing(table, keys.listed_lines(tenant, "", ""), page=MAX_LINES)  # type: ignore[arg-type]
            yield from (changes(tenant, item["listed"]) for item in listed)
        for ago in range(HOURS):
            hour = times.rfc3339(self._clock.now() - timedelta(hours=ago))[:13]
            yield from keys.accesses(tenant, hour)


def _entry(item: Item) -> JournalEntry:
    return JournalEntry.from_record(json.loads(item["entry"]))
