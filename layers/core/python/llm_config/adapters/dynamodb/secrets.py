"""Secrets in DynamoDB: sealed values and what is known about them."""

import json
from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from typing import Any

from llm_config.adapters.dynamodb import expiry_rows, keys, rotation_rows
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.contents import Contents
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config.adapters.dynamodb.store import Lost
from llm_config.adapters.dynamodb.versioned import Change, Standing, VersionedRows
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
    Stage,
    head_with,
    next_version,
)
from llm_config_domain.secrets.lifecycle import After, Move
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed, Preconditions

LOOKED_AT = 50
"""Versions, newest first, among which the live ones are looked for."""
_BYTES = ("value", "reference")


class DynamoSecrets:
    """Implements `secret_reader` and `secret_writer`."""

    def __init__(self, rows: VersionedRows, contents: Contents, clock: Clock) -> None:
        self._rows, self._contents, self._clock = rows, contents, clock

    def entry(self, name: Name, version: int | None = None) -> SecretVersion:
        head_row, row = self._rows.read(name, version)
        head = head_of(head_row)
        item = head_row if version is None else row
        if head.deleted or item is None or not mark_of(item).readable or (version is None and not head.current):
            raise NotFound("there is no such secret in this environment")
        # The two rows are read at two moments: a version that is newer than the head was written in between, in use.
        late = item["version"] > head.newest and mark_of(item) is Mark.LIVE
        stage = Stage.CURRENT if late else head.stage_of(item["version"], mark_of(item))
        sealed = Sealed(self._contents.blob(name.tenant, item))
        return SecretVersion.whole(name, json.loads(item["record"]), sealed, stage, head.next_rotation_at)

    def live(self, name: Name, limit: int) -> Sequence[SecretVersion]:
        head_row, _ = self._rows.read(name)
        head = head_of(head_row)
        newest = [] if head.deleted else self._newest(name, LOOKED_AT)
        # What was written after the head was read does not show: the answer is of that moment.
        found = [item for item in newest if mark_of(item) is Mark.LIVE and item["version"] <= head.newest]
        if head_row and head.current and not head.deleted and all(item["version"] != head.current for item in found):
            found.append(head_row)
        if not found:
            raise NotFound("no version of such a secret can be read in this environment")
        found.sort(key=lambda item: (item["version"] != head.current, -item["version"]))
        return [self.whole(name, item, head) for item in found[:limit]]

    def _newest(self, name: Name, limit: int) -> list[Item]:
        asked = keys.versions_before(name, None)
        return list(islice(self._rows.store.query("secrets", asked, newest_first=True, page=limit), limit))

    def whole(self, name: Name, item: Item, head: SecretHead) -> SecretVersion:
        sealed = Sealed(self._contents.blob(name.tenant, item))
        stage = head.stage_of(item["version"], mark_of(item))
        return SecretVersion.whole(name, json.loads(item["record"]), sealed, stage, head.next_rotation_at)

    def history(self, name: Name, before: int | None, limit: int) -> Sequence[SecretMetadata]:
        head_row, _ = self._rows.read(name)
        if head_row is None:
            raise NotFound("there never was such a secret in this environment")
        head = head_of(head_row)
        found = self._rows.store.query("secrets", keys.versions_before(name, before), newest_first=True, page=limit)
        return [_metadata(name, item, head) for item in islice(found, limit)]

    def listing(
        self, tenant: TenantId, glob: str, after: Place | None, limit: int
    ) -> Sequence[tuple[SecretMetadata, bool]]:
        found = self._rows.listing(tenant, glob, after, limit)
        return [(_metadata(name, item, head_of(item)), head_of(item).deleted) for name, item in found]

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
        sealed: dict[int, Sealed] = {}
        beside = [keys.rotation_settings(name)] if rotation else []
        for _ in attempts(self._clock):
            standing = self._rows.standing([name], idempotency, beside=beside)
            if standing.earlier is not None:
                return Committed(self.first_told(name, standing), replayed=True)
            was = standing.heads.get(name)
            head = head_of(was)
            preconditions.check(head.head)
            version = head.newest + 1
            if version not in sealed:  # the same version again: only the namespace's revision was lost
                sealed[version] = seal(version)
            revision, at = standing.revision(name), standing.stamp(name)
            settings = rotation_rows.said(rotation, name, standing.beside, at)
            head = settings.shown_by(head) if settings else head
            new = next_version(name, head, self.shown(name, was), draft, sealed[version], revision=revision, at=at)
            change = self.addition(was, new, new.told(entry))
            puts = [rotation_rows.put_settings(settings, standing.beside)] if settings else []
            try:
                self._rows.commit(standing, [change], idempotency=idempotency, result=new.receipt, beside=puts)
            except Lost:
                continue
            return Committed(new.metadata)
        raise Contended

    def move(
        self, name: Name, move: Move, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[tuple[SecretMetadata, ...]]:
        for _ in attempts(self._clock):
            standing = self._rows.standing([name], idempotency, versions=move.targets)
            was, versions = standing.heads.get(name), standing.versions
            head, replayed = head_of(was), standing.earlier is not None
            after = None
            if not replayed:
                after = move.after(head if was else None, {number: mark_of(item) for number, item in versions.items()})
            if was is None or after is None:
                return Committed(_told(name, head, was, versions), replayed=replayed)
            told = move.told(entry, head, at=standing.stamp(name), revision=standing.revision(name))
            change = self.moved(name, was, versions, after.marks, after.head, told)
            try:
                self._rows.commit(standing, [change], idempotency=idempotency, result={})
            except Lost:
                continue
            self._erase(name.tenant, versions, after)
            marked = {number: _marked(versions[number], mark) for number, mark in after.marks.items()}
            return Committed(_told(name, after.head, change.head, {**versions, **marked}))
        raise Contended

    def shown(self, name: Name, was: Item | None) -> SecretMetadata | None:
        """The version that listings tell of, as its head row says it."""
        return _metadata(name, was, head_of(was)) if was else None

    def moved(
        self,
        name: Name,
        was: Item,
        versions: Mapping[int, Item],
        marks: Mapping[int, Mark],
        head: SecretHead,
        entry: JournalEntry,
    ) -> Change:
        """What a name becomes whose versions get new marks, and whose head is another."""
        marked = {number: _marked(versions[number], mark) for number, mark in marks.items()}
        return relocation(name, was, versions, marked, head, entry)

    def addition(self, was: Item | None, new: SecretVersion, entry: JournalEntry, mark: Mark | None = None) -> Change:
        """`mark` is the new version's, where it is not what its stage says."""
        kept = self._contents.kept(new.name.tenant, new.sealed.blob)
        mark = mark or (Mark.PENDING if new.stage is Stage.PENDING else Mark.LIVE)
        row = {"version": new.version, "record": json.dumps(new.to_record()), "mark": mark.value, **kept}
        head = head_with(head_of(was), new)
        shown = row if was is None or head.shown == new.version else was
        puts = [self._rows.new_version(new.name, row), *expiry_rows.of_new(new)]
        return Change(new.name, _head_row(shown, head), puts, entry)

    def first_told(self, name: Name, standing: Standing) -> SecretMetadata:
        """The version that the idempotency key wrote, answered as it was then."""
        earlier: Mapping[str, Any] = standing.earlier or {}
        head = standing.heads.get(name)
        shown = head and head["version"] == earlier["version"]
        item = head if shown else self._rows.version(name, earlier["version"])
        if item is None:
            raise NotFound("the version that this key wrote is gone")
        return SecretMetadata.as_told(name, json.loads(item["record"]), earlier)

    def _erase(self, tenant: TenantId, versions: Mapping[int, Item], after: After) -> None:
        """The bytes that lay beside the rows of destroyed versions."""
        for number, mark in after.marks.items():
            if mark is Mark.DESTROYED:
                self._contents.erase(tenant, versions[number])


def relocation(
    name: Name,
    was: Item,
    versions: Mapping[int, Item],
    marked: Mapping[int, Item],
    head: SecretHead,
    entry: JournalEntry,
) -> Change:
    shown = marked.get(head.shown) or (was if was["version"] == head.shown else versions[head.shown])
    puts = [
        Put(keys.version("secrets", name, number), item, unchanged(versions[number], "mark"))
        for number, item in marked.items()
    ]
    return Change(name, _head_row(shown, head), puts, entry)


def _head_row(shown: Item, head: SecretHead) -> Item:
    """The row of the version that listings tell of, and where the secret stands."""
    kept = {name: shown[name] for name in ("version", "record", "mark", *_BYTES) if name in shown}
    stands = {"newest": head.newest, "current": head.current or 0, "deleted": int(head.deleted)}
    return {**kept, **stands, **({"next_rotation_at": head.next_rotation_at} if head.next_rotation_at else {})}


def head_of(row: Item | None) -> SecretHead:
    if row is None:
        return NO_HEAD
    rotates_at = row.get("next_rotation_at")
    return SecretHead(row["newest"], row["current"] or None, row["version"], bool(row["deleted"]), rotates_at)


def mark_of(row: Item) -> Mark:
    return Mark(row["mark"])


def _marked(row: Item, mark: Mark) -> Item:
    """A destroyed version keeps nothing of its bytes."""
    kept = {name: value for name, value in row.items() if mark is not Mark.DESTROYED or name not in _BYTES}
    return {**kept, "mark": mark.value}


def _metadata(name: Name, row: Item, head: SecretHead) -> SecretMetadata:
    return head.metadata(name, json.loads(row["record"]), mark_of(row))


def _told(name: Name, head: SecretHead, row: Item | None, versions: Mapping[int, Item]) -> tuple[SecretMetadata, ...]:
    told = list(versions.values()) or ([row] if row else [])
    return tuple(_metadata(name, item, head) for item in told)
