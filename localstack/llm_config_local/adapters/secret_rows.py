"""The rows of secrets in the embedded store: heads and versions."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from llm_config_domain.errors import NotFound
from llm_config_domain.names import Name
from llm_config_domain.secrets.entries import NO_HEAD, Mark, SecretHead, SecretMetadata, SecretVersion, Stage
from llm_config_domain.secrets.expiry import Watch, watch_of
from llm_config_domain.secrets.lifecycle import Move
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed
from llm_config_local.adapters import rows

OF_NAME = "FROM secret_versions WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ?"
HEAD = """newest, current, version, deleted, (
    SELECT due_at FROM rotation_settings AS said
    WHERE (said.tenant, said.namespace, said.key, said.environment)
        = (secret_heads.tenant, secret_heads.namespace, secret_heads.key, secret_heads.environment))"""
"""Of a row of `secret_heads`: where the secret stands, and when it rotates next."""


class HeadMoved(Exception):
    """Another writer was faster; the value must be sealed again for the next version."""


def shown(db: sqlite3.Connection, name: Name, head: SecretHead) -> SecretMetadata | None:
    """The version that listings tell of."""
    return None if head is NO_HEAD else version_of(db, name, head.shown, head)


def sealed_version(db: sqlite3.Connection, name: Name, version: int, head: SecretHead) -> SecretVersion:
    """A version that stands, still sealed."""
    asked = (*rows.name_key(name), version)
    record, marked, sealed = db.execute(f"SELECT record, mark, sealed {OF_NAME} AND version = ?", asked).fetchone()
    stage = head.stage_of(version, Mark(marked))
    return SecretVersion.whole(name, json.loads(record), Sealed(sealed), stage, head.next_rotation_at)


def has_bytes(db: sqlite3.Connection, name: Name, version: int) -> bool:
    asked = (*rows.name_key(name), version)
    return db.execute(f"SELECT 1 {OF_NAME} AND version = ? AND sealed IS NOT NULL", asked).fetchone() is not None


def insert(db: sqlite3.Connection, new: SecretVersion) -> None:
    mark = Mark.PENDING if new.stage is Stage.PENDING else Mark.LIVE
    db.execute(
        "INSERT INTO secret_versions VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*rows.name_key(new.name), new.version, json.dumps(new.to_record()), mark.value, new.sealed.blob),
    )
    watch = watch_of(new)
    if watch is not None:
        put_watch(db, new.name, watch)


def put_watch(db: sqlite3.Connection, name: Name, watch: Watch) -> None:
    row = (*rows.name_key(name), watch.version, watch.look_at, json.dumps(watch.to_record()))
    db.execute("INSERT OR REPLACE INTO secret_expiries VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def put_head(db: sqlite3.Connection, name: Name, head: SecretHead) -> None:
    db.execute(
        "INSERT OR REPLACE INTO secret_heads VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*rows.name_key(name), head.shown, head.newest, head.current, head.deleted),
    )


def mark(db: sqlite3.Connection, name: Name, marks: Mapping[int, Mark]) -> None:
    """A destroyed version keeps nothing of its bytes: `secure_delete` overwrites them where they lay."""
    for version, mark in marks.items():
        db.execute(
            "UPDATE secret_versions SET mark = ?, sealed = iif(?, NULL, sealed)"
            " WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ? AND version = ?",
            (mark.value, mark is Mark.DESTROYED, *rows.name_key(name), version),
        )


def marks_of(db: sqlite3.Connection, name: Name, versions: Sequence[int]) -> dict[int, Mark]:
    found = db.execute(
        f"SELECT version, mark {OF_NAME} AND version IN ({', '.join('?' * len(versions))})",
        (*rows.name_key(name), *versions),
    )
    return {version: Mark(mark) for version, mark in found}


def head_of(db: sqlite3.Connection, name: Name) -> SecretHead:
    row = db.execute(
        f"SELECT {HEAD} FROM secret_heads WHERE tenant = ? AND namespace = ? AND key = ? AND environment = ?",  # noqa: S608
        rows.name_key(name),
    ).fetchone()
    return head_from(row) if row else NO_HEAD


def head_from(row: Sequence[Any]) -> SecretHead:
    """A row of `HEAD`."""
    newest, current, shown, deleted, next_rotation_at = row
    return SecretHead(newest, current, shown, bool(deleted), next_rotation_at)


def version_of(db: sqlite3.Connection, name: Name, version: int, head: SecretHead) -> SecretMetadata:
    row = db.execute(f"SELECT record, mark {OF_NAME} AND version = ?", (*rows.name_key(name), version)).fetchone()
    if row is None:
        raise NotFound("a version of this secret is gone")
    return metadata_from(name, row, head)


def metadata_from(name: Name, row: Sequence[str], head: SecretHead) -> SecretMetadata:
    return head.metadata(name, json.loads(row[0]), Mark(row[1]))


def told_by(db: sqlite3.Connection, name: Name, move: Move) -> tuple[SecretMetadata, ...]:
    head = head_of(db, name)
    return tuple(version_of(db, name, version, head) for version in move.targets or (head.shown,))


def replayed(db: sqlite3.Connection, name: Name, earlier: Mapping[str, Any]) -> Committed[SecretMetadata]:
    """The version that the idempotency key wrote, answered as it was then."""
    asked = (*rows.name_key(name), earlier["version"])
    found = db.execute(f"SELECT record {OF_NAME} AND version = ?", asked).fetchone()
    if found is None:
        raise NotFound("the version that this key wrote is gone")
    return Committed(SecretMetadata.as_told(name, json.loads(found[0]), earlier), replayed=True)
