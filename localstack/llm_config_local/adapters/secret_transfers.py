"""Secrets that go from one name to another, in the embedded store."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

from llm_config.ports.clock import Clock
from llm_config_domain.errors import Contended
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.secrets.entries import SecretHead, SecretMetadata, SecretVersion, head_with, next_version
from llm_config_domain.secrets.transfers import Transfer
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed
from llm_config_local.adapters import rows, secret_rows
from llm_config_local.adapters.store import SqliteStore

MAX_ATTEMPTS = 100
Reseal = Callable[[SecretVersion, int], Sealed]


@dataclass(frozen=True, slots=True)
class _Standing:
    """What stands at both names, and the version that goes."""

    source: SecretHead
    target: SecretHead
    found: SecretVersion


class SqliteSecretTransfers:
    """Implements `secret_transfers`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def transfer(
        self,
        transfer: Transfer,
        reseal: Reseal,
        *,
        entry: JournalEntry,
        leaving: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[SecretMetadata]:
        for _ in range(MAX_ATTEMPTS):
            with self._store.snapshot() as db:
                standing = self._standing(db, transfer, idempotency)
            if isinstance(standing, Committed):
                return standing
            sealed = reseal(standing.found, standing.target.newest + 1)  # outside: other writers need not wait for it
            try:
                return self._store.write(self._job(transfer, standing, sealed, entry, leaving, idempotency))
            except secret_rows.HeadMoved:
                continue
        raise Contended

    def _standing(
        self, db: sqlite3.Connection, transfer: Transfer, idempotency: Idempotency | None
    ) -> _Standing | Committed[SecretMetadata]:
        rows.require_tenant(db, transfer.target.tenant)
        earlier = rows.earlier_result(db, idempotency, self._clock.now())
        if earlier is not None:
            return secret_rows.replayed(db, transfer.target, earlier)
        source, target = secret_rows.head_of(db, transfer.source), secret_rows.head_of(db, transfer.target)
        going = transfer.check(source, target)
        return _Standing(source, target, secret_rows.sealed_version(db, transfer.source, going, source))

    def _job(
        self,
        transfer: Transfer,
        before: _Standing,
        sealed: Sealed,
        entry: JournalEntry,
        leaving: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Callable[[sqlite3.Connection], Committed[SecretMetadata]]:
        def job(db: sqlite3.Connection) -> Committed[SecretMetadata]:
            now = self._clock.now()
            standing = self._standing(db, transfer, idempotency)
            if isinstance(standing, Committed):
                return standing
            if (standing.source, standing.target.newest) != (before.source, before.target.newest):
                raise secret_rows.HeadMoved
            names = (transfer.target,) if transfer.keep else (transfer.target, transfer.source)
            lines = {
                namespace: rows.advance(db, transfer.target.tenant, rows.SECRETS, namespace, now)
                for namespace in dict.fromkeys(name.namespace for name in names)
            }
            new = _arrive(db, transfer, standing, sealed, lines[transfer.target.namespace], entry)
            if not transfer.keep:
                _depart(db, transfer, standing.source, lines[transfer.source.namespace], leaving)
            rows.remember(db, idempotency, new.receipt, now)
            return Committed(new.metadata)

        return job


def _arrive(
    db: sqlite3.Connection,
    transfer: Transfer,
    standing: _Standing,
    sealed: Sealed,
    line: tuple[int, str],
    entry: JournalEntry,
) -> SecretVersion:
    target, (revision, at) = transfer.target, line
    shown, draft = secret_rows.shown(db, target, standing.target), transfer.draft(standing.found)
    new = next_version(target, standing.target, shown, draft, sealed, revision=revision, at=at)
    secret_rows.insert(db, new)
    secret_rows.put_head(db, target, head_with(standing.target, new))
    told = transfer.told_at_target(new.told(entry), standing.found.version)
    rows.add_change(db, told, rows.SECRETS, target.namespace, revision)
    return new


def _depart(
    db: sqlite3.Connection, transfer: Transfer, head: SecretHead, line: tuple[int, str], leaving: JournalEntry
) -> None:
    source, deletion, (revision, at) = transfer.source, transfer.deletion, line
    after = deletion.after(head, {})
    if after is not None:
        secret_rows.put_head(db, source, after.head)
    told = transfer.told_at_source(deletion.told(leaving, head, at=at, revision=revision))
    same_line = source.namespace == transfer.target.namespace
    rows.add_change(db, told, rows.SECRETS, source.namespace, revision, ordinal=int(same_line))
