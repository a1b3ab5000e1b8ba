"""Secrets in the embedded store: sealed values and what is known about them."""

import json
import sqlite3
from collections.abc import Callable

from llm_config.ports.clock import Clock
from llm_config_domain.errors import Contended, NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name
from llm_config_domain.secrets.entries import SecretDraft, SecretVersion, next_version, stage_of
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed, Head, Preconditions, head_of
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore

MAX_ATTEMPTS = 100


class _HeadMoved(Exception):
    """Another writer was faster; the value must be sealed again for the next version."""


class SqliteSecrets:
    """Implements `secret_reader` and `secret_writer`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def entry(self, name: Name, version: int | None = None) -> SecretVersion:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            current = _current_version(db, name)
            found = _version(db, name, current if version is None else version, current) if current else None
        if found is None or (version is None and found.head.deleted):
            raise NotFound("there is no such secret in this environment")
        return found

    def put(
        self,
        name: Name,
        draft: SecretDraft,
        seal: Callable[[int], Sealed],
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[SecretVersion]:
        for _ in range(MAX_ATTEMPTS):
            standing = self._standing(name, preconditions, idempotency)
            if isinstance(standing, Committed):
                return standing
            sealed = seal(standing.version + 1)  # outside the transaction: other writers need not wait for it
            try:
                return self._store.write(self._job(name, draft, sealed, standing, preconditions, entry, idempotency))
            except _HeadMoved:
                continue
        raise Contended

    def _standing(
        self, name: Name, preconditions: Preconditions, idempotency: Idempotency | None
    ) -> Head | Committed[SecretVersion]:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            earlier = rows.earlier_result(db, idempotency, self._clock.now())
            if earlier is not None:
                return _replayed(db, name, earlier["version"])
            head = head_of(_current(db, name))
        preconditions.check(head)
        return head

    def _job(
        self,
        name: Name,
        draft: SecretDraft,
        sealed: Sealed,
        standing: Head,
        preconditions: Preconditions,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Callable[[sqlite3.Connection], Committed[SecretVersion]]:
        def job(db: sqlite3.Connection) -> Committed[SecretVersion]:
            now = self._clock.now()
            rows.require_tenant(db, name.tenant)
            earlier = rows.earlier_result(db, idempotency, now)
            if earlier is not None:
                return _replayed(db, name, earlier["version"])
            current = _current(db, name)
            preconditions.check(head_of(current))
            if head_of(current) != standing:
                raise _HeadMoved
            revision, at = rows.advance(db, name.tenant, rows.SECRETS, name.namespace, now)
            new = next_version(name, current, draft, sealed, revision=revision, at=at)
            _insert(db, new)
            rows.add_change(db, new.told(entry), rows.SECRETS, name.namespace, revision)
            rows.remember(db, idempotency, {"version": new.version}, now)
            return Committed(new)

        return job


def _insert(db: sqlite3.Connection, new: SecretVersion) -> None:
    key = rows.name_key(new.name)
    db.execute(
        "INSERT INTO secret_versions VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*key, new.version, json.dumps(new.to_record()), new.sealed.blob),
    )
    db.execute("INSERT OR REPLACE INTO secret_heads VALUES (?, ?, ?, ?, ?)", (*key, new.version))


def _current_version(db: sqlite3.Connection, name: Name) -> int | None:
    row = db.execute(
        "SELECT version FROM secret_heads WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ?",
        rows.name_key(name),
    ).fetchone()
    return row[0] if row else None


def _current(db: sqlite3.Connection, name: Name) -> SecretVersion | None:
    current = _current_version(db, name)
    return _version(db, name, current, current) if current else None


def _version(db: sqlite3.Connection, name: Name, version: int, current: int) -> SecretVersion | None:
    row = db.execute(
        "SELECT record, sealed FROM secret_versions "
        "WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ? AND version = ?",
        (*rows.name_key(name), version),
    ).fetchone()
    if row is None:
        return None
    return SecretVersion.from_record(name, json.loads(row[0]), Sealed(row[1]), stage_of(version, current))


def _replayed(db: sqlite3.Connection, name: Name, version: int) -> Committed[SecretVersion]:
    found = _version(db, name, version, version)  # answered as it was then: current
    if found is None:
        raise NotFound("the version that this key wrote is gone")
    return Committed(found, replayed=True)
