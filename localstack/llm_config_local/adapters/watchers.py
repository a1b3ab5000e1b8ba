"""Who watches over a gateway's connection, in the embedded store. The embedded home's own WebSockets are held by its front
and are not among these: no connection of its is known by an id."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace

from llm_config.ports.clock import Clock
from llm_config.ports.watcher_lines import MAX_MESSAGE_BYTES
from llm_config_domain import json_text, times
from llm_config_domain.errors import Contended, NotFound, RateLimited, TooLarge
from llm_config_domain.names import TenantId
from llm_config_domain.watchers import MAX_WATCHERS, Watcher
from llm_config_local.adapters.store import SqliteStore

RETRY_AFTER_SECONDS = 5


class SqliteWatchers:
    """Implements `watchers`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def open(self, watcher: Watcher) -> None:
        now = self._now()
        row = (watcher.connection, watcher.tenant, 1, _text(watcher), times.rfc3339(watcher.forgotten_at))

        def job(db: sqlite3.Connection) -> None:
            db.execute("DELETE FROM watchers WHERE expires_at <= ?", (now,))
            (count,) = db.execute("SELECT count(*) FROM watchers WHERE tenant = ?", (watcher.tenant,)).fetchone()
            if count >= MAX_WATCHERS:
                raise RateLimited("too many are connected: come again later", retry_after=RETRY_AFTER_SECONDS)
            db.execute("INSERT INTO watchers VALUES (?, ?, ?, ?, ?)", row)

        self._store.write(job)

    def at(self, connection: str) -> Watcher | None:
        found = self._read("SELECT record FROM watchers WHERE connection = ? AND expires_at > ?", connection)
        return _watcher(found[0]) if found else None

    def of(self, tenant: TenantId) -> Sequence[Watcher]:
        query = "SELECT record FROM watchers WHERE tenant = ? AND expires_at > ? ORDER BY expires_at, connection"
        return [_watcher(text) for text in self._read(query, tenant)]

    def tenants(self) -> Sequence[TenantId]:
        query = "SELECT DISTINCT tenant FROM watchers WHERE ? = '' AND expires_at > ? ORDER BY tenant"
        return [TenantId(text) for text in self._read(query, "")]

    def keep(self, watcher: Watcher) -> Watcher:
        kept = replace(watcher, version=watcher.version + 1)
        row = (kept.version, _text(kept), watcher.connection, watcher.version)
        query = "UPDATE watchers SET version = ?, record = ? WHERE connection = ? AND version = ?"
        if self._store.write(lambda db: db.execute(query, row).rowcount) == 0:
            raise Contended
        return kept

    def close(self, connection: str) -> None:
        self._store.write(lambda db: db.execute("DELETE FROM watchers WHERE connection = ?", (connection,)))

    def _read(self, query: str, asked: str) -> list[str]:
        with self._store.snapshot() as db:
            return [text for (text,) in db.execute(query, (asked, self._now())).fetchall()]

    def _now(self) -> str:
        return times.rfc3339(self._clock.now())


class NoWatcherLines:
    """Implements `watcher_lines` where there is no gateway: nobody is connected by an id."""

    def post(self, connection: str, message: str) -> None:
        if len(message.encode()) > MAX_MESSAGE_BYTES:
            raise TooLarge("this is too much for one message: watch a narrower glob", limit=MAX_MESSAGE_BYTES)
        raise NotFound("nobody is connected by this id any more")

    def close(self, connection: str) -> None:
        """There is none."""


def _text(watcher: Watcher) -> str:
    return json_text.write(watcher.to_record())


def _watcher(text: str) -> Watcher:
    return Watcher.from_record(json_text.read(text))
