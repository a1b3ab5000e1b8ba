"""The record of accesses in the embedded store: at once where an answer waits for it, else every 250 ms."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from llm_config.ports.identifiers import Identifiers
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
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
    """Implements `access_log`. What could not be written is counted, and its tenant is told in a gap record."""

    def __init__(self, store: SqliteStore, identifiers: Identifiers) -> None:
        self._store, self._identifiers = store, identifiers
        self._waiting: list[JournalEntry] = []
        self._lost: dict[TenantId, _Lost] = {}
        self._lock, self._flushing = threading.Lock(), threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="access-log", daemon=True)
        self._thread.start()

    def note(self, entry: JournalEntry) -> None:
        with self._lock:
            if len(self._waiting) < MAX_WAITING:
                self._waiting.append(entry)
            else:
                self._lose(_Lost(entry))

    def lose(self, entry: JournalEntry) -> None:
        """Count `entry` among those that could not be written, for who failed to bring it here."""
        with self._lock:
            self._lose(_Lost(entry))

    @property
    def lost(self) -> Mapping[TenantId, int]:
        """How many entries of which tenant no record tells of yet."""
        with self._lock:
            return {tenant: each.count for tenant, each in self._lost.items()}

    def close(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _serve(self) -> None:
        while not self._stopped.wait(FLUSH_SECONDS):
            self.flush()
        self.flush()

    def flush(self) -> None:
        """Write what waits. When it returns, everything noted before the call is durable, or counted as lost."""
        with self._flushing:
            self._write_waiting()

    def _write_waiting(self) -> None:
        with self._lock:
            entries, lost = self._waiting, list(self._lost.values())
            self._waiting, self._lost = [], {}
        if not entries and not lost:
            return
        try:
            gaps = [_gap(each, self._identifiers.ulid()) for each in lost]
            self._store.write(lambda db: rows.add_accesses(db, [*gaps, *entries]))
        except Exception:  # whatever it was: this thread must outlive it, and the gap must show
            with self._lock:
                for each in [*lost, *map(_Lost, entries)]:
                    self._lose(each)

    def _lose(self, lost: "_Lost") -> None:
        earlier = self._lost.get(lost.last.tenant)
        count = lost.count + (earlier.count if earlier else 0)
        self._lost[lost.last.tenant] = _Lost(lost.last, count)


@dataclass(frozen=True, slots=True)
class _Lost:
    """How many entries of one tenant could not be written, and the last of them."""

    last: JournalEntry
    count: int = 1


def _gap(lost: _Lost, entry_id: str) -> JournalEntry:
    """The record of what is missing. It says nothing of who did what: that is what was lost."""
    return replace(
        lost.last,
        id=entry_id,
        event_type="audit.gap",
        severity="error",
        actor=Actor("system:access-log", "system", ()),
        action="audit:record",
        resource=Resource("audit", "accesses"),
        result=Result("failure"),
        request_id="",
        metadata={"lost": lost.count},
    )
