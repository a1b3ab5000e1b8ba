"""How names stand, as the index of names tells it: of their heads everything but what they hold."""

import json
from collections.abc import Iterator, Mapping, Sequence

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.items import Item
from llm_config.adapters.dynamodb.keys import Key, VersionedTable
from llm_config.adapters.dynamodb.secrets import head_of, mark_of
from llm_config.adapters.dynamodb.store import DynamoStore
from llm_config_domain.configs.entries import ConfigMetadata
from llm_config_domain.name_index import Indexed, IndexedMetadata, IndexedState, Kind

AT_ONCE = 100
"""Rows of one BatchGetItem."""
ASKED = ("version", "record", "mark", "newest", "current", "deleted", "next_rotation_at", "revision")
"""Never `value`, nor where it lies: the role that asks may read no other attribute."""
_TABLES: Mapping[Kind, VersionedTable] = {Kind.CONFIG: "configs", Kind.SECRET: "secrets"}


class DynamoNameStates:
    """Strong reads, of tenants that are active and of others. Raises Unavailable."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def __call__(self, names: Sequence[Indexed]) -> list[IndexedState]:
        places = {keys.head(_TABLES[one.kind], one.name): one for one in names}
        return [_state(places[key], item) for key, item in self._heads(list(places))]

    def _heads(self, places: Sequence[Key]) -> Iterator[tuple[Key, Item]]:
        for first in range(0, len(places), AT_ONCE):
            yield from self._store.get_all(places[first : first + AT_ONCE], only=ASKED).items()


def _state(indexed: Indexed, item: Item) -> IndexedState:
    shown = _of_config(indexed, item) if indexed.kind is Kind.CONFIG else _of_secret(indexed, item)
    return IndexedState(indexed, item["revision"], shown)


def _of_config(indexed: Indexed, item: Item) -> IndexedMetadata | None:
    entry = ConfigMetadata.from_record(indexed.name, json.loads(item["record"]))
    return None if entry.head.deleted else IndexedMetadata.of_config(entry)


def _of_secret(indexed: Indexed, item: Item) -> IndexedMetadata | None:
    head = head_of(item)
    entry = head.metadata(indexed.name, json.loads(item["record"]), mark_of(item))
    return None if head.deleted else IndexedMetadata.of_secret(entry)
