"""How far each consumer has followed the journal's lines, in DynamoDB: a row a consumer and line, moved one at a time."""

import json
from collections.abc import Mapping

from llm_config.adapters.dynamodb import line_keys
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config.adapters.dynamodb.keys import Key
from llm_config.adapters.dynamodb.store import DynamoStore, Lost
from llm_config_domain.errors import Contended, Unavailable
from llm_config_domain.lines import Done, Line, Mark, Place
from llm_config_domain.names import TenantId

TRIES = 3
AT_ONCE = 100
"""Rows of one BatchGetItem."""


class DynamoJournalMarks:
    """Implements `journal_marks`."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def of(self, consumer: str, tenant: TenantId) -> Mapping[Line, Mark]:
        found = self._store.query("counters", line_keys.marks_of(consumer, tenant))
        return {line_keys.marked(tenant, item["sk"]): _mark(item) for item in found}

    def move(self, consumer: str, done: Mapping[Line, Done]) -> None:
        left = dict(done)
        for _ in range(TRIES):
            left = self._moved(consumer, left)
            if not left:
                return
        raise Unavailable("a mark of the journal is moved by too many at once")

    def begin(self, consumer: str, places: Mapping[Line, Place]) -> None:
        for line, place in places.items():
            self._begin(line_keys.mark(consumer, line), Mark(place))

    def stopped_at(self, consumer: str) -> str:
        found = self._store.get(line_keys.stop(consumer))
        return str(found["tenant"]) if found else ""

    def stop_at(self, consumer: str, tenant: str) -> None:
        key = line_keys.stop(consumer)
        was = self._store.get(key)
        self._put(key, was, {"tenant": tenant})

    def _moved(self, consumer: str, done: Mapping[Line, Done]) -> dict[Line, Done]:
        """What has to be tried again, because another was faster."""
        lines = {line_keys.mark(consumer, line): line for line in done}
        found: dict[Key, Item] = {}
        for first in range(0, len(lines), AT_ONCE):
            found |= self._store.get_all(list(lines)[first : first + AT_ONCE])
        return {line: done[line] for key, line in lines.items() if not self._moves(key, found.get(key), done[line])}

    def _moves(self, key: Key, was: Item | None, done: Done) -> bool:
        before = _mark(was)
        after = before.after(done)
        return after == before or self._put(key, was, {"record": json.dumps(after.to_record())})

    def _begin(self, key: Key, mark: Mark) -> None:
        for _ in range(TRIES):
            if self._put(key, self._store.get(key), {"record": json.dumps(mark.to_record())}):
                return
        raise Contended("a mark of the journal is moved by too many at once")

    def _put(self, key: Key, was: Item | None, item: Item) -> bool:
        """Whether the row still was as it was read."""
        version = (was["version"] if was else 0) + 1
        try:
            self._store.put(Put(key, {"version": version, **item}, unchanged(was, "version")))
        except Lost:
            return False
        return True


def _mark(item: Item | None) -> Mark:
    return Mark.from_record(json.loads(item["record"])) if item else Mark()
