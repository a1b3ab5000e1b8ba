"""Secrets in the embedded store: sealed values and what is known about them."""

import json
import sqlite3
from collections.abc import Callable, Sequence

from llm_config.ports.clock import Clock
from llm_config.ports.config_reader import Place
from llm_config_domain.errors import Contended, NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation.settings import SettingsDraft
from llm_config_domain.secrets.entries import (
    NO_HEAD,
    Mark,
    SecretDraft,
    SecretHead,
    SecretMetadata,
    SecretVersion,
    head_with,
    next_version,
)
from llm_config_domain.secrets.lifecycle import Move
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed, Preconditions
from llm_config_local.adapters import rotation_rows, rows, secret_rows
from llm_config_local.adapters.store import SqliteStore

MAX_ATTEMPTS = 100
LOOKED_AT = 50
"""Versions, newest first, among which the live ones are looked for."""
_HEADS = f"""SELECT namespace, key, environment, record, mark, {secret_rows.HEAD}
    FROM secret_heads JOIN secret_versions USING (tenant, namespace, key, environment, version) WHERE tenant = ?"""  # noqa: S608


class SqliteSecrets:
    """Implements `secret_reader` and `secret_writer`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def entry(self, name: Name, version: int | None = None) -> SecretVersion:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            head = secret_rows.head_of(db, name)
            number = head.current if version is None else version
            asked = (*rows.name_key(name), number)
            found = db.execute(f"SELECT record, mark, sealed {secret_rows.OF_NAME} AND version = ?", asked).fetchone()
        if head.deleted or number is None or found is None or not Mark(found[1]).readable:
            raise NotFound("there is no such secret in this environment")
        stage = head.stage_of(number, Mark(found[1]))
        return SecretVersion.whole(name, json.loads(found[0]), Sealed(found[2]), stage, head.next_rotation_at)

    def live(self, name: Name, limit: int) -> Sequence[SecretVersion]:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            head = secret_rows.head_of(db, name)
            found = db.execute(
                f"SELECT record, version, sealed {secret_rows.OF_NAME} AND mark = 'live' AND (version = ? OR version > ?)"
                " ORDER BY version <> ?, version DESC LIMIT ?",
                (*rows.name_key(name), head.current, head.newest - LOOKED_AT, head.current or 0, limit),
            ).fetchall()
        if head.deleted or not found:
            raise NotFound("no version of such a secret can be read in this environment")
        return [
            SecretVersion.whole(
                name, json.loads(record), Sealed(sealed), head.stage_of(version, Mark.LIVE), head.next_rotation_at
            )
            for record, version, sealed in found
        ]

    def history(self, name: Name, before: int | None, limit: int) -> Sequence[SecretMetadata]:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            head = secret_rows.head_of(db, name)
            last = head.newest if before is None else min(before - 1, head.newest)
            found = db.execute(
                f"SELECT record, mark {secret_rows.OF_NAME} AND version <= ? ORDER BY version DESC LIMIT ?",
                (*rows.name_key(name), last, limit),
            ).fetchall()
        if head is NO_HEAD:
            raise NotFound("there never was such a secret in this environment")
        return [secret_rows.metadata_from(name, row, head) for row in found]

    def listing(
        self, tenant: TenantId, glob: str, after: Place | None, limit: int
    ) -> Sequence[tuple[SecretMetadata, bool]]:
        condition, parameters = rows.after_place(glob, after)
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            found = db.execute(
                f"{_HEADS} AND {condition} ORDER BY namespace, key, environment LIMIT ?", (tenant, *parameters, limit)
            ).fetchall()
        listed = ((Name(tenant, *row[:3]), row[3:5], secret_rows.head_from(row[5:])) for row in found)
        return [(secret_rows.metadata_from(name, row, head), head.deleted) for name, row, head in listed]

    def put(
        self,
        name: Name,
        draft: SecretDraft,
        seal: Callable[[int], Sealed],
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
        rotation: SettingsDraft | None = None,
    ) -> Committed[SecretMetadata]:
        for _ in range(MAX_ATTEMPTS):
            standing = self._standing(name, preconditions, idempotency)
            if isinstance(standing, Committed):
                return standing
            sealed = seal(standing.newest + 1)  # outside the transaction: other writers need not wait for it
            job = self._addition(name, draft, sealed, standing, preconditions, entry, idempotency, rotation)
            try:
                return self._store.write(job)
            except secret_rows.HeadMoved:
                continue
        raise Contended

    def move(
        self, name: Name, move: Move, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[tuple[SecretMetadata, ...]]:
        def job(db: sqlite3.Connection) -> Committed[tuple[SecretMetadata, ...]]:
            now = self._clock.now()
            rows.require_tenant(db, name.tenant)
            if rows.earlier_result(db, idempotency, now) is not None:
                return Committed(secret_rows.told_by(db, name, move), replayed=True)
            head = secret_rows.head_of(db, name)
            after = move.after(None if head is NO_HEAD else head, secret_rows.marks_of(db, name, move.targets))
            if after is None:
                return Committed(secret_rows.told_by(db, name, move))
            revision, at = rows.advance(db, name.tenant, rows.SECRETS, name.namespace, now)
            secret_rows.mark(db, name, after.marks)
            secret_rows.put_head(db, name, after.head)
            told = move.told(entry, head, at=at, revision=revision)
            rows.add_change(db, told, rows.SECRETS, name.namespace, revision)
            rows.remember(db, idempotency, {}, now)
            return Committed(secret_rows.told_by(db, name, move))

        return self._store.write(job)

    def _standing(
        self, name: Name, preconditions: Preconditions, idempotency: Idempotency | None
    ) -> SecretHead | Committed[SecretMetadata]:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            earlier = rows.earlier_result(db, idempotency, self._clock.now())
            if earlier is not None:
                return secret_rows.replayed(db, name, earlier)
            head = secret_rows.head_of(db, name)
        preconditions.check(head.head)
        return head

    def _addition(
        self,
        name: Name,
        draft: SecretDraft,
        sealed: Sealed,
        standing: SecretHead,
        preconditions: Preconditions,
        entry: JournalEntry,
        idempotency: Idempotency | None,
        rotation: SettingsDraft | None,
    ) -> Callable[[sqlite3.Connection], Committed[SecretMetadata]]:
        def job(db: sqlite3.Connection) -> Committed[SecretMetadata]:
            now = self._clock.now()
            rows.require_tenant(db, name.tenant)
            earlier = rows.earlier_result(db, idempotency, now)
            if earlier is not None:
                return secret_rows.replayed(db, name, earlier)
            head = secret_rows.head_of(db, name)
            preconditions.check(head.head)
            if head.newest != standing.newest:
                raise secret_rows.HeadMoved
            shown = secret_rows.shown(db, name, head)
            revision, at = rows.advance(db, name.tenant, rows.SECRETS, name.namespace, now)
            settings = rotation_rows.said(db, rotation, name, at)
            head = settings.shown_by(head) if settings else head
            new = next_version(name, head, shown, draft, sealed, revision=revision, at=at)
            secret_rows.insert(db, new)
            secret_rows.put_head(db, name, head_with(head, new))
            if settings is not None:
                rotation_rows.put_settings(db, settings)
            rows.add_change(db, new.told(entry), rows.SECRETS, name.namespace, revision)
            rows.remember(db, idempotency, new.receipt, now)
            return Committed(new.metadata)

        return job
