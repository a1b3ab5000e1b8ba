"""The record of accesses in the embedded store: at once where an answer waits for it, else every 250 ms."""

import threading
from collections.abc import Sequence
from dataclasses import replace

from llm_config_domain.errors import Unavailable
from llm_config_domain.journal import JournalEntry, Result
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore

FLUSH_SECONDS = 0.25
MAX_WAITING = 10_000


class SqliteJournal:
    """Implements `journal`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def append(self, entries: Sequence[JournalEntry]) -> None:
        self._store.write(lambda db: rows.add_accesses(db, entries))


class SqliteAccessLog:
    """Implements `access_log`. Entries that could not be written are counted; the count is written as a gap record."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store
        self._waiting: list[JournalEntry] = []
        self._lost = 0
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="access-log", daemon=True)
        self._thread.start()

    def note(self, entry: JournalEntry) -> None:
        with self._lock:
            if len(self._waiting) < MAX_WAITING:
                self._waiting.append(entry)
            else:
                self._lost += 1

    def close(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _serve(self) -> None:
        while not self._stopped.wait(FLUSH_SECONDS):
            self._flush()
        self._flush()

    def _flush(self) -> None:
        with self._lock:
            if not self._waiting:
                return
            entries, lost = self._waiting, self._lost
            self._waiting, self._lost = [], 0
        told = [*entries, _gap(entries[-1], lost)] if lost else entries
        try:
            self._store.write(lambda db: rows.add_accesses(db, told))
        except Unavailable:
            with self._lock:
                self._lost += lost + len(entries)


def _gap(last: JournalEntry, lost: int) -> JournalEntry:
    """The record of what is missing. Its id follows from the entry that it is written with."""
    return replace(
        last,
        id=f"{last.id}-gap",
        event_type="audit.gap",
        severity="error",
        result=Result("failure"),
        metadata={"lost": lost},
    )
