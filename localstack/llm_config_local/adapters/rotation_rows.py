"""The rows of rotations in the embedded store: their own, and how a secret rotates."""

import json
import sqlite3

from llm_config_domain.errors import NotFound
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation import agenda
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.settings import RotationSettings, SettingsDraft
from llm_config_local.adapters import rows

_OF_NAME = "tenant = ? AND namespace = ? AND key = ? AND environment = ?"


def rotation(db: sqlite3.Connection, tenant: TenantId, rotation_id: str) -> Rotation:
    """Raises NotFound."""
    asked = (tenant, rotation_id)
    row = db.execute("SELECT record FROM rotations WHERE tenant = ? AND id = ?", asked).fetchone()
    if row is None:
        raise NotFound("there is no such rotation")
    return Rotation.from_record(json.loads(row[0]))


def running(db: sqlite3.Connection, name: Name) -> Rotation | None:
    query = f"SELECT record FROM rotations WHERE {_OF_NAME} AND NOT ended"  # noqa: S608 - a fixed condition
    row = db.execute(query, rows.name_key(name)).fetchone()
    return Rotation.from_record(json.loads(row[0])) if row else None


def put(db: sqlite3.Connection, new: Rotation) -> None:
    due = agenda.of_rotation(new)
    db.execute(
        "INSERT OR REPLACE INTO rotations VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new.name.tenant,
            new.id,
            *rows.name_key(new.name)[1:],
            new.status.ended,
            due.at if due else None,
            json.dumps(new.to_record()),
        ),
    )


def settings(db: sqlite3.Connection, name: Name) -> RotationSettings | None:
    query = f"SELECT record FROM rotation_settings WHERE {_OF_NAME}"  # noqa: S608 - a fixed condition
    row = db.execute(query, rows.name_key(name)).fetchone()
    return RotationSettings.from_record(name, json.loads(row[0])) if row else None


def said(db: sqlite3.Connection, draft: SettingsDraft | None, name: Name, at: str) -> RotationSettings | None:
    """What was said about how a secret rotates, over what had been said, if anything was."""
    return draft.over(name, settings(db, name), at) if draft else None


def put_settings(db: sqlite3.Connection, new: RotationSettings) -> None:
    row = (*rows.name_key(new.name), new.next_at, json.dumps(new.to_record()))
    db.execute("INSERT OR REPLACE INTO rotation_settings VALUES (?, ?, ?, ?, ?, ?)", row)
