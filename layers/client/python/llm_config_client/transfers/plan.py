"""What an import is to do, without IO: which entries differ from what is stored, and how they fit into batches."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from llm_config_client.files.entries import Entry
from llm_config_contract.configs import ConfigEntry
from llm_config_domain import json_text

MAX_OPERATIONS = 30
MAX_NAMESPACES = 8
MAX_BYTES = 4_000_000 - 10_000
"""What the service takes in one batch, less what stands around the operations."""
DEFAULT_CLASSIFICATION = "internal"

Outcome = Literal["create", "update", "unchanged"]


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of one entry. `operation` is None when nothing does."""

    entry: Entry
    outcome: Outcome
    operation: Mapping[str, Any] | None = None

    @property
    def size(self) -> int:
        return len(json_text.write(dict(self.operation or {})).encode("utf-8")) + 1


@dataclass(frozen=True, slots=True)
class Batch:
    """Stored together or not at all. `part` of `parts`: a namespace that is too much for one batch comes in several."""

    changes: tuple[Change, ...]
    part: int = 1
    parts: int = 1

    @property
    def operations(self) -> list[Mapping[str, Any]]:
        return [change.operation for change in self.changes if change.operation is not None]


def change(entry: Entry, stored: ConfigEntry | None) -> Change:
    """An entry that is there is written only at the version that was compared, and one that is not only as a new one:
    what another writes in between is never written over unseen."""
    classification = entry.classification or (stored.classification if stored else DEFAULT_CLASSIFICATION)
    tags = {**(_stored_tags(stored) if entry.tags is None else entry.tags), **entry.added_tags}
    if stored and _same(entry, stored) and (classification, tags) == (stored.classification, stored.tags):
        return Change(entry, "unchanged")
    written = {"path": entry.path, "environment": entry.environment, "value": entry.value}
    carried = {"classification": classification, "tags": tags}
    if stored is None:
        return Change(entry, "create", {"operation": "create", **written, **carried})
    return Change(entry, "update", {"operation": "put", **written, **carried, "if_match": stored.etag})


def _stored_tags(stored: ConfigEntry | None) -> Mapping[str, str]:
    return stored.tags if stored else {}


def _same(entry: Entry, stored: ConfigEntry) -> bool:
    """To the digit; the order of names says nothing."""
    return json_text.canonical(entry.value) == json_text.canonical(stored.value)


def batches(changes: Sequence[Change]) -> list[Batch]:
    """As few as the limits allow, a namespace in one batch whenever it fits."""
    told: list[Batch] = []
    packed: list[Change] = []
    for own in _by_namespace(changes):
        if not _fits(own):
            told += _split(own)
        elif _fits([*packed, *own]):
            packed += own
        else:
            told.append(Batch(tuple(packed)))
            packed = own
    return [*told, Batch(tuple(packed))] if packed else told


def _by_namespace(changes: Sequence[Change]) -> Iterator[list[Change]]:
    wanted = sorted((each for each in changes if each.operation), key=lambda each: each.entry.namespace)
    for _, own in groupby(wanted, key=lambda each: each.entry.namespace):
        yield list(own)


def _fits(changes: Sequence[Change]) -> bool:
    namespaces = {each.entry.namespace for each in changes}
    within = len(changes) <= MAX_OPERATIONS and len(namespaces) <= MAX_NAMESPACES
    return within and sum(each.size for each in changes) <= MAX_BYTES


def _split(changes: Sequence[Change]) -> list[Batch]:
    parts: list[list[Change]] = [[]]
    for each in changes:
        if not _fits([*parts[-1], each]):
            parts.append([])
        parts[-1].append(each)
    return [Batch(tuple(part), number, len(parts)) for number, part in enumerate(parts, 1)]
