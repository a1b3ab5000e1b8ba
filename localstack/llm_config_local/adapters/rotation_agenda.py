"""What is due, in the embedded store."""

import json
from collections.abc import Sequence

from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation import agenda
from llm_config_domain.rotation.agenda import Due
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.settings import RotationSettings
from llm_config_local.adapters.store import SqliteStore


class SqliteRotationAgenda:
    """Implements `rotation_agenda`."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    def due(self, until: str, limit: int) -> Sequence[Due]:
        with self._store.snapshot() as db:
            rotations = db.execute(
                "SELECT record FROM rotations WHERE due_at <= ? ORDER BY due_at LIMIT ?", (until, limit)
            ).fetchall()
            settings = db.execute(
                "SELECT tenant, namespace, key, environment, record FROM rotation_settings"
                " WHERE due_at <= ? ORDER BY due_at LIMIT ?",
                (until, limit),
            ).fetchall()
        found = [agenda.of_rotation(Rotation.from_record(json.loads(record))) for (record,) in rotations]
        found += [agenda.of_settings(_settings(row)) for row in settings]
        return sorted((due for due in found if due is not None), key=lambda due: due.at)[:limit]


def _settings(row: tuple[str, str, str, str, str]) -> RotationSettings:
    tenant, namespace, key, environment, record = row
    name = Name(TenantId(tenant), namespace, key, environment)
    return RotationSettings.from_record(name, json.loads(record))
