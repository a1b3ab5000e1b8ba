"""The rows of rotations: their own, the guard that one runs at a time, how a secret rotates, and what is due when."""

import json
from collections.abc import Mapping

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config.adapters.dynamodb.keys import Key
from llm_config_domain.errors import NotFound
from llm_config_domain.names import Name
from llm_config_domain.rotation import agenda
from llm_config_domain.rotation.agenda import Due
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.settings import RotationSettings, SettingsDraft
from llm_config_domain.rotation.transitions import Change


def rotation(item: Item | None) -> Rotation:
    """Raises NotFound."""
    if item is None:
        raise NotFound("there is no such rotation")
    return Rotation.from_record(json.loads(item["record"]))


def settings(name: Name, item: Item | None) -> RotationSettings | None:
    return RotationSettings.from_record(name, json.loads(item["record"])) if item else None


def places(name: Name, rotation_id: str) -> list[Key]:
    """All the rows that a rotation's move depends on, beside those of its secret."""
    return [keys.rotation(name.tenant, rotation_id), keys.running_rotation(name), keys.rotation_settings(name)]


def puts(change: Change, found: Mapping[Key, Item]) -> list[Put]:
    """The rows of a move, each on top of what was found."""
    rotation = change.rotation
    own, guard, _ = places(rotation.name, rotation.id)
    row = {"sequence": rotation.sequence, "record": json.dumps(rotation.to_record())}
    written = [
        Put(own, {**row, **_due(agenda.of_rotation(rotation), rotation.id)}, unchanged(found.get(own), "sequence"))
    ]
    held = found.get(guard)
    runs = "" if rotation.status.ended else rotation.id
    if held is None or held["rotation"] != runs:
        count = (held["count"] if held else 0) + 1
        written.append(Put(guard, {"rotation": runs, "count": count}, unchanged(held, "count")))
    if change.settings is not None:
        written.append(put_settings(change.settings, found))
    return written


def put_settings(new: RotationSettings, found: Mapping[Key, Item]) -> Put:
    place = keys.rotation_settings(new.name)
    row = {"version": new.version, "record": json.dumps(new.to_record())}
    due = _due(agenda.of_settings(new), f"{new.name.tenant}#{new.name.path}#{new.name.environment}")
    return Put(place, {**row, **due}, unchanged(found.get(place), "version"))


def said(draft: SettingsDraft | None, name: Name, found: Mapping[Key, Item], at: str) -> RotationSettings | None:
    """What was said about how a secret rotates, over what had been said, if anything was."""
    return draft.over(name, settings(name, found.get(keys.rotation_settings(name))), at) if draft else None


def _due(due: Due | None, its_id: str) -> dict[str, str]:
    """What is due at no time stands in no index."""
    if due is None:
        return {}
    return {**keys.due_at(due.at, its_id), "due_record": json.dumps(due.to_record())}
