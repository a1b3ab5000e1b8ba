"""Configs in the embedded store."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from llm_config.ports.clock import Clock
from llm_config.ports.config_reader import NamespacePage, Place
from llm_config.ports.config_writer import Step
from llm_config_domain.configs.changes import Source
from llm_config_domain.configs.entries import ConfigMetadata, ConfigVersion, Layers, Pins, next_version, pins_at
from llm_config_domain.errors import NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.names import PLATFORM, Name, TenantId
from llm_config_domain.tenants import Tenant
from llm_config_domain.versions import Committed, Moment, version_at
from llm_config_local.adapters import rows
from llm_config_local.adapters.store import SqliteStore

_HEADS = """SELECT namespace, key, environment, v.record, {value} FROM config_heads h JOIN config_versions v
    USING (tenant, namespace, key, environment, version) WHERE tenant = ?"""
_WHOLE, _BARE = _HEADS.format(value="v.value"), _HEADS.format(value="NULL")
_VERSION = """SELECT record, value FROM config_versions
    WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ? AND version = ?"""
_BOUND = """SELECT json_extract(record, '$.staleness_bound_seconds') FROM namespaces
    WHERE tenant = ? AND namespace = ?"""


class SqliteConfigs:
    """Implements `config_reader` and `config_writer`."""

    def __init__(self, store: SqliteStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def entry(self, name: Name, version: int | None = None) -> ConfigVersion:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            found = _current(db, name) if version is None else _version(db, name, version)
        if found is None or (version is None and found.head.deleted):
            raise NotFound("there is no such config in this environment")
        return found

    def history(self, name: Name, before: int | None, limit: int) -> Sequence[ConfigMetadata]:
        with self._store.snapshot() as db:
            rows.require_tenant(db, name.tenant)
            current = _current_version(db, name)
            last = current if before is None else min(before - 1, current)
            found = db.execute(
                "SELECT record FROM config_versions WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ?"
                " AND version <= ? ORDER BY version DESC LIMIT ?",
                (*rows.name_key(name), last, limit),
            ).fetchall()
        if not current:
            raise NotFound("there never was such a config in this environment")
        return [ConfigMetadata.from_record(name, json.loads(record)) for (record,) in found]

    def pins(self, tenant: TenantId, namespace: str) -> Pins:
        with self._store.snapshot() as db:
            return _pins(db, rows.require_tenant(db, tenant), namespace)

    def layers(self, tenant: TenantId, namespace: str, key: str, pins: Pins | None = None) -> Layers:
        with self._store.snapshot() as db:
            active = rows.require_tenant(db, tenant)
            pins = pins or _pins(db, active, namespace)
            return Layers(
                pins.tenant,
                _environments(db, tenant, namespace, key),
                _environments(db, PLATFORM, namespace, key),
                pins.platform,
                pins.generation,
                pins.bound_seconds,
            )

    def layers_at(self, tenant: TenantId, namespace: str, key: str, moment: Moment) -> Layers:
        with self._store.snapshot() as db:
            now = _pins(db, rows.require_tenant(db, tenant), namespace)
            stamps = (partial(rows.committed_at, db, owner, rows.CONFIGS, namespace) for owner in (tenant, PLATFORM))
            pins = pins_at(moment, now, *stamps)
            return Layers(
                pins.tenant,
                _pinned(db, _environments(db, tenant, namespace, key), pins.tenant),
                _pinned(db, _environments(db, PLATFORM, namespace, key), pins.platform),
                pins.platform,
            )

    def namespace(self, tenant: TenantId, namespace: str, pins: Pins | None, after: str, limit: int) -> NamespacePage:
        with self._store.snapshot() as db:
            active = rows.require_tenant(db, tenant)
            pins = pins or _pins(db, active, namespace)
            found = sorted({key for owner in (tenant, PLATFORM) for key in _keys(db, owner, namespace, after, limit)})
            page = {
                key: Layers(
                    pins.tenant,
                    _pinned(db, _environments(db, tenant, namespace, key), pins.tenant),
                    _pinned(db, _environments(db, PLATFORM, namespace, key), pins.platform),
                )
                for key in found[:limit]
            }
        return NamespacePage(pins, page, last=max(page, default=after), more=len(found) > limit)

    def listing(self, tenant: TenantId, glob: str, after: Place | None, limit: int) -> Sequence[ConfigMetadata]:
        condition, parameters = rows.after_place(glob, after)
        with self._store.snapshot() as db:
            rows.require_tenant(db, tenant)
            found = db.execute(
                f"{_BARE} AND {condition} ORDER BY namespace, key, environment LIMIT ?", (tenant, *parameters, limit)
            ).fetchall()
        return [ConfigMetadata.from_record(Name(tenant, *place), json.loads(record)) for *place, record, _ in found]

    def write(
        self, steps: Sequence[Step], *, idempotency: Idempotency | None, dry_run: bool = False
    ) -> Committed[tuple[ConfigVersion, ...]]:
        def job(db: sqlite3.Connection) -> Committed[tuple[ConfigVersion, ...]]:
            now = self._clock.now()
            rows.require_tenant(db, steps[0].name.tenant)
            earlier = rows.earlier_result(db, idempotency, now)
            if earlier is not None:
                written = zip(steps, earlier["versions"], strict=True)
                return Committed(
                    tuple(existing_version(db, step.name, number) for step, number in written), replayed=True
                )
            done = Committed(_advance(db, steps, now))
            if dry_run:
                raise _Rehearsed(done)
            rows.remember(db, idempotency, {"versions": [new.version for new in done.version]}, now)
            return done

        try:
            return self._store.write(job)
        except _Rehearsed as rehearsed:
            return rehearsed.done


class _Rehearsed(Exception):
    """A dry run ends so, and its savepoint with it."""

    def __init__(self, done: Committed[tuple[ConfigVersion, ...]]) -> None:
        super().__init__("rehearsed")
        self.done = done


def _advance(db: sqlite3.Connection, steps: Sequence[Step], now: datetime) -> tuple[ConfigVersion, ...]:
    """Every step, each namespace at one revision."""
    lines: dict[str, tuple[int, str]] = {}
    new: list[ConfigVersion] = []
    for step in steps:
        name, current = step.name, _current(db, step.name)
        draft = step.change.draft(current, _source(db, current, step.change.wants(current)))
        if name.namespace not in lines:
            lines[name.namespace] = rows.advance(db, name.tenant, rows.CONFIGS, name.namespace, now)
        revision, at = lines[name.namespace]
        version = next_version(name, current, draft, revision=revision, at=at)
        _insert(db, version)
        ordinal = sum(earlier.name.namespace == name.namespace for earlier in new)
        rows.add_change(db, version.told(step.entry), rows.CONFIGS, name.namespace, revision, ordinal)
        new.append(version)
    return tuple(new)


def _source(db: sqlite3.Connection, current: ConfigVersion | None, wanted: Source) -> ConfigVersion | None:
    if current is None or wanted is None:
        return None
    if isinstance(wanted, Moment):
        return version_at(wanted, current, lambda number: existing_version(db, current.name, number))
    return current if wanted == current.version else _version(db, current.name, wanted)


def _insert(db: sqlite3.Connection, new: ConfigVersion) -> None:
    key = rows.name_key(new.name)
    db.execute(
        "INSERT INTO config_versions VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*key, new.version, json.dumps(new.to_record()), new.value),
    )
    db.execute("INSERT OR REPLACE INTO config_heads VALUES (?, ?, ?, ?, ?)", (*key, new.version))


def _pins(db: sqlite3.Connection, tenant: Tenant, namespace: str) -> Pins:
    own, platform = (rows.revision_of(db, owner, rows.CONFIGS, namespace)[0] for owner in (tenant.id, PLATFORM))
    said = db.execute(_BOUND, (tenant.id, namespace)).fetchone()
    return Pins(own, platform, tenant.purges, said[0] if said else None)


def _keys(db: sqlite3.Connection, owner: TenantId, namespace: str, after: str, limit: int) -> list[str]:
    """The next keys of a namespace, one more than `limit` where there are more."""
    found = db.execute(
        "SELECT DISTINCT key FROM config_heads WHERE tenant = ? AND namespace = ? AND key > ? ORDER BY key LIMIT ?",
        (owner, namespace, after, limit + 1),
    )
    return [key for (key,) in found]


def _environments(db: sqlite3.Connection, tenant: TenantId, namespace: str, key: str) -> dict[str, ConfigVersion]:
    found = db.execute(f"{_WHOLE} AND namespace = ? AND key = ?", (tenant, namespace, key)).fetchall()
    return {
        place[2]: ConfigVersion.whole(Name(tenant, *place), json.loads(record), value)
        for *place, record, value in found
    }


def _pinned(db: sqlite3.Connection, heads: dict[str, ConfigVersion], revision: int) -> dict[str, ConfigVersion]:
    """The heads as they stood at `revision`."""
    standing = {environment: _source(db, head, Moment(revision=revision)) for environment, head in heads.items()}
    return {environment: version for environment, version in standing.items() if version is not None}


def _current_version(db: sqlite3.Connection, name: Name) -> int:
    """Its number, 0 for a name that never was."""
    row = db.execute(
        "SELECT version FROM config_heads WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ?",
        rows.name_key(name),
    ).fetchone()
    return row[0] if row else 0


def _current(db: sqlite3.Connection, name: Name) -> ConfigVersion | None:
    row = db.execute(f"{_WHOLE} AND namespace = ? AND key = ? AND environment = ?", rows.name_key(name)).fetchone()
    return ConfigVersion.whole(name, json.loads(row[3]), row[4]) if row else None


def _version(db: sqlite3.Connection, name: Name, version: int) -> ConfigVersion | None:
    row = db.execute(_VERSION, (*rows.name_key(name), version)).fetchone()
    return ConfigVersion.whole(name, json.loads(row[0]), row[1]) if row else None


def existing_version(db: sqlite3.Connection, name: Name, version: int) -> ConfigVersion:
    found = _version(db, name, version)
    if found is None:
        raise NotFound("a version of this config is gone")
    return found
