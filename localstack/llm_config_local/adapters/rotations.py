"""Rotations in the embedded store: each is a row of its own, and moves in one transaction with its secret."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime

from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.errors import Contended, NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation.beginnings import Beginning
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.settings import RotationSettings, SettingsDraft
from llm_config_domain.rotation.transitions import Advanced, Change, Standing, Transition
from llm_config_domain.secrets.entries import NO_HEAD, SecretHead, SecretVersion, head_with
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed
from llm_config_local.adapters import rotation_rows, rows, secret_rows
from llm_config_local.adapters.store import SqliteStore

MAX_ATTEMPTS = 100
_LAST = "~"
Seal = Callable[[int], Sealed]


class SqliteRotations:
    """Implements `rotation_reader` and `rotation_writer`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def entry(self, tenant: TenantId, rotation_id: str) -> Rotation:
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            return rotation_rows.rotation(db, tenant, rotation_id)

    def listing(self, tenant: TenantId, before: str | None, limit: int) -> Sequence[Rotation]:
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            found = db.execute(
                "SELECT record FROM rotations WHERE tenant = ? AND id < ? ORDER BY id DESC LIMIT ?",
                (tenant, before or _LAST, limit),
            ).fetchall()
        return [Rotation.from_record(json.loads(record)) for (record,) in found]

    def running(self, name: Name) -> Rotation | None:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            return rotation_rows.running(db, name)

    def settings(self, name: Name) -> RotationSettings:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            found = rotation_rows.settings(db, name)
        if found is None:
            raise NotFound("nobody has said how this secret rotates")
        return found

    def sealed(self, name: Name, version: int) -> SecretVersion:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            if not secret_rows.has_bytes(db, name, version):
                raise NotFound("there is no such version of this secret, or its bytes are gone")
            return secret_rows.sealed_version(db, name, version, secret_rows.head_of(db, name))

    def begin(
        self, beginning: Beginning, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Rotation]:
        name = beginning.name

        def job(db: sqlite3.Connection) -> Committed[Rotation]:
            now = self._clock.now()
            rows.require_tenant(db, name.tenant)
            earlier = rows.earlier_result(db, idempotency, now)
            if earlier is not None:
                return Committed(rotation_rows.rotation(db, name.tenant, earlier["rotation_id"]), replayed=True)
            head = secret_rows.head_of(db, name)
            beginning.check(head, runs=rotation_rows.running(db, name) is not None)
            current = secret_rows.version_of(db, name, head.current or 0, head)
            revision, at = rows.advance(db, name.tenant, rows.SECRETS, name.namespace, now)
            change = beginning.after(head, current, rotation_rows.settings(db, name), at=at)
            _put(db, change)
            rows.add_change(db, change.told(entry, at=at, revision=revision), rows.SECRETS, name.namespace, revision)
            rows.remember(db, idempotency, {"rotation_id": change.rotation.id}, now)
            return Committed(change.rotation)

        return self._store.write(job)

    def advance(
        self,
        rotation: Rotation,
        transition: Transition,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
        seal: Seal | None = None,
    ) -> Advanced:
        sealed: dict[int, Sealed] = {}
        for _ in range(MAX_ATTEMPTS):
            if seal is not None:  # outside the transaction: other writers need not wait for it
                version = self._newest(rotation.name) + 1
                sealed = sealed if version in sealed else {version: seal(version)}
            try:
                return self._store.write(self._job(rotation, transition, sealed, entry, idempotency))
            except secret_rows.HeadMoved:
                continue
        raise Contended

    def put_settings(
        self, name: Name, draft: SettingsDraft, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[RotationSettings]:
        def job(db: sqlite3.Connection) -> Committed[RotationSettings]:
            now = self._clock.now()
            rows.require_tenant(db, name.tenant)
            earlier = rows.earlier_result(db, idempotency, now)
            if earlier is not None:
                return Committed(RotationSettings.from_record(name, earlier), replayed=True)
            head = secret_rows.head_of(db, name)
            if head is NO_HEAD or (head.deleted and draft.due is None):
                raise NotFound("there is no such secret in this environment")
            revision, at = rows.advance(db, name.tenant, rows.SECRETS, name.namespace, now)
            new = draft.over(name, rotation_rows.settings(db, name), at)
            rotation_rows.put_settings(db, new)
            rows.add_change(db, new.told(entry, at=at, revision=revision), rows.SECRETS, name.namespace, revision)
            rows.remember(db, idempotency, new.to_record(), now)
            return Committed(new)

        return self._store.write(job)

    def _newest(self, name: Name) -> int:
        with self._store.snapshot() as db:
            return secret_rows.head_of(db, name).newest

    def _job(
        self,
        rotation: Rotation,
        transition: Transition,
        sealed: dict[int, Sealed],
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Callable[[sqlite3.Connection], Advanced]:
        name = rotation.name

        def job(db: sqlite3.Connection) -> Advanced:
            now = self._clock.now()
            rows.require_tenant(db, name.tenant)
            found = rotation_rows.rotation(db, name.tenant, rotation.id)
            if rows.earlier_result(db, idempotency, now) is not None:
                return Advanced(found, replayed=True)
            standing, at = _standing(db, found), _stamp(db, name, now)
            change = transition.after(found, standing, at)
            if change is None:
                return Advanced(found, changed=False)
            revision, _ = rows.advance(db, name.tenant, rows.SECRETS, name.namespace, now)
            _move(db, change, standing.head, sealed, at, revision)
            rows.add_change(db, change.told(entry, at=at, revision=revision), rows.SECRETS, name.namespace, revision)
            rows.remember(db, idempotency, {"rotation_id": rotation.id}, now)
            return Advanced(change.rotation)

        return job


def _stamp(db: sqlite3.Connection, name: Name, now: datetime) -> str:
    """When a change would be: what `advance` will say."""
    return times.after(now, rows.revision_of(db, name.tenant, rows.SECRETS, name.namespace)[1])


def _standing(db: sqlite3.Connection, found: Rotation) -> Standing:
    versions = [number for number in (found.old_version, found.new_version) if number]
    marks = secret_rows.marks_of(db, found.name, versions)
    return Standing(secret_rows.head_of(db, found.name), marks, rotation_rows.settings(db, found.name))


def _move(
    db: sqlite3.Connection, change: Change, head: SecretHead, sealed: dict[int, Sealed], at: str, revision: int
) -> None:
    name, left = change.rotation.name, change.after.head if change.after else head
    if change.addition is not None:
        if head.newest + 1 not in sealed:
            raise secret_rows.HeadMoved
        shown = secret_rows.shown(db, name, head)
        new = change.added(change.addition, head, shown, sealed[head.newest + 1], at=at, revision=revision)
        secret_rows.insert(db, new)
        left = head_with(head, new)
    secret_rows.mark(db, name, change.after.marks if change.after else {})
    secret_rows.put_head(db, name, left)
    _put(db, change)


def _put(db: sqlite3.Connection, change: Change) -> None:
    rotation_rows.put(db, change.rotation)
    if change.settings is not None:
        rotation_rows.put_settings(db, change.settings)
