"""Watchers in DynamoDB: rows that expire, in a partition of their tenant's, and beside them which tenants have some.

A watcher's row is sorted by when it was opened, so that a question passes over those of more than two hours ago, whenever
DynamoDB deletes them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from llm_config.adapters.dynamodb import watcher_keys as keys
from llm_config.adapters.dynamodb.items import ABSENT, Condition, Item, Put, unchanged
from llm_config.adapters.dynamodb.keys import Key
from llm_config.adapters.dynamodb.store import DynamoStore, Lost
from llm_config.ports.clock import Clock
from llm_config_domain import json_text, times
from llm_config_domain.errors import Contended, RateLimited
from llm_config_domain.names import TenantId
from llm_config_domain.watchers import KEPT, MAX_WATCHERS, Watcher

TENANTS = 10_000
TRIES = 5
RETRY_AFTER_SECONDS = 5
_ANYHOW = Condition(f"{ABSENT.expression} OR attribute_exists(pk)")


class DynamoWatchers:
    """Implements `watchers`."""

    def __init__(self, store: DynamoStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def open(self, watcher: Watcher) -> None:
        if len(self.of(watcher.tenant)) >= MAX_WATCHERS:
            raise RateLimited("too many are connected: come again later", retry_after=RETRY_AFTER_SECONDS)
        expires = {"expires_at": int(watcher.forgotten_at.timestamp())}
        place = {"tenant": watcher.tenant, "opened_at": watcher.opened_at, **expires}
        self._store.put(Put(keys.tenant(watcher.tenant), expires, _ANYHOW))
        self._put(keys.watcher(watcher), _item(watcher), ABSENT)
        self._put(keys.connection(watcher.connection), place, ABSENT)

    def at(self, connection: str) -> Watcher | None:
        place = self._store.get(keys.connection(connection))
        if place is None:
            return None
        found = self._store.get(keys.watcher_at(place["tenant"], place["opened_at"], connection))
        return next(self._alive([found] if found else []), None)

    def of(self, tenant: TenantId) -> Sequence[Watcher]:
        since = times.rfc3339(self._clock.now() - KEPT)
        found = self._store.query("counters", keys.opened_since(tenant, since))
        return list(islice(self._alive(found), MAX_WATCHERS))

    def tenants(self) -> Sequence[TenantId]:
        now = int(self._clock.now().timestamp())
        found = self._store.query("counters", keys.TENANTS)
        return [TenantId(row["sk"]) for row in islice(found, TENANTS) if row["expires_at"] > now]

    def keep(self, watcher: Watcher) -> Watcher:
        kept = replace(watcher, version=watcher.version + 1)
        self._put(keys.watcher(watcher), _item(kept), unchanged({"version": watcher.version}, "version"))
        return kept

    def close(self, connection: str) -> None:
        for _ in range(TRIES):
            watcher = self.at(connection)
            if watcher is None:
                return None
            ended = {**_item(replace(watcher, version=watcher.version + 1)), "expires_at": 0}
            try:
                return self._put(keys.watcher(watcher), ended, unchanged({"version": watcher.version}, "version"))
            except Contended:
                continue
        raise Contended

    def _put(self, key: Key, item: Item, condition: Condition) -> None:
        try:
            self._store.put(Put(key, item, condition))
        except Lost:
            raise Contended from None

    def _alive(self, rows: Any) -> Iterator[Watcher]:
        now = int(self._clock.now().timestamp())
        return (Watcher.from_record(json_text.read(row["record"])) for row in rows if row["expires_at"] > now)


def _item(watcher: Watcher) -> Item:
    record = json_text.write(watcher.to_record())
    return {"version": watcher.version, "record": record, "expires_at": int(watcher.forgotten_at.timestamp())}
