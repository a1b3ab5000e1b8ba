"""The record of accesses in DynamoDB."""

from collections.abc import Sequence

from llm_config.adapters.dynamodb import rows
from llm_config.adapters.dynamodb.items import Put
from llm_config.adapters.dynamodb.store import MAX_TRANSACTION, DynamoStore, Lost
from llm_config_domain.errors import Unavailable
from llm_config_domain.journal import JournalEntry


class DynamoJournal:
    """Implements `journal`."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def append(self, entries: Sequence[JournalEntry]) -> None:
        puts = [rows.access(entry) for entry in entries]
        try:
            if len(puts) == 1:
                self._append_one(puts[0])
            else:
                for first in range(0, len(puts), MAX_TRANSACTION):
                    self._store.transact(puts[first : first + MAX_TRANSACTION])
        except Lost as error:
            raise Unavailable("an access could not be recorded") from error

    def _append_one(self, put: Put) -> None:
        """A put that is repeated after a lost answer finds its own row: then the entry is recorded."""
        try:
            self._store.put(put)
        except Lost:
            if self._store.get(put.key) != put.item:
                raise
