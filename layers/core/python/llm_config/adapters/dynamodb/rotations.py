"""Rotations in DynamoDB: each is a row of its own, and moves in one transaction with its secret."""

from collections.abc import Callable, Sequence
from itertools import islice

from llm_config.adapters.dynamodb import keys, rotation_rows
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.items import Item, Put
from llm_config.adapters.dynamodb.secrets import DynamoSecrets, head_of, mark_of, relocation
from llm_config.adapters.dynamodb.store import Lost
from llm_config.adapters.dynamodb.versioned import Change as HeadChange
from llm_config.adapters.dynamodb.versioned import Standing, VersionedRows
from llm_config.ports.clock import Clock
from llm_config_domain.errors import Broken, Contended, NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation import transitions
from llm_config_domain.rotation.beginnings import Beginning
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.settings import RotationSettings, SettingsDraft
from llm_config_domain.rotation.transitions import Advanced, Change, Transition
from llm_config_domain.secrets.entries import SecretVersion
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed

Seal = Callable[[int], Sealed]


class DynamoRotations:
    """Implements `rotation_reader` and `rotation_writer`."""

    def __init__(self, rows: VersionedRows, secrets: DynamoSecrets, clock: Clock) -> None:
        self._rows, self._secrets, self._clock = rows, secrets, clock

    def entry(self, tenant: TenantId, rotation_id: str) -> Rotation:
        place = keys.rotation(tenant, rotation_id)
        return rotation_rows.rotation(self._read(tenant, place).get(place))

    def listing(self, tenant: TenantId, before: str | None, limit: int) -> Sequence[Rotation]:
        self._read(tenant)
        asked = keys.rotations_before(tenant, before)
        found = self._rows.store.query("secrets", asked, newest_first=True, page=limit + 1)
        return [rotation_rows.rotation(item) for item in islice((i for i in found if i["sk"] != before), limit)]

    def running(self, name: Name) -> Rotation | None:
        guard = keys.running_rotation(name)
        row = self._read(name.tenant, guard).get(guard)
        return self.entry(name.tenant, row["rotation"]) if row and row["rotation"] else None

    def settings(self, name: Name) -> RotationSettings:
        place = keys.rotation_settings(name)
        found = rotation_rows.settings(name, self._read(name.tenant, place).get(place))
        if found is None:
            raise NotFound("nobody has said how this secret rotates")
        return found

    def sealed(self, name: Name, version: int) -> SecretVersion:
        head, row = self._rows.read(name, version)
        if head is None or row is None or not {"value", "reference"} & set(row):
            raise NotFound("there is no such version of this secret, or its bytes are gone")
        return self._secrets.whole(name, row, head_of(head))

    def begin(
        self, beginning: Beginning, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Rotation]:
        name, guard = beginning.name, keys.running_rotation(beginning.name)
        for _ in attempts(self._clock):
            standing = self._rows.standing([name], idempotency, beside=[guard, keys.rotation_settings(name)])
            if standing.earlier is not None:
                return Committed(self.entry(name.tenant, standing.earlier["rotation_id"]), replayed=True)
            was, runs = standing.heads.get(name), standing.beside.get(guard)
            head = head_of(was)
            beginning.check(head, runs=bool(runs and runs["rotation"]))
            current = self._secrets.shown(name, was)
            if current is None:
                raise Broken("a secret that is in use has no version")
            settings = rotation_rows.settings(name, standing.beside.get(keys.rotation_settings(name)))
            change = beginning.after(head, current, settings, at=standing.stamp(name))
            if self._commit(standing, name, change, None, entry, idempotency):
                return Committed(change.rotation)
        raise Contended

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
        for _ in attempts(self._clock):
            standing = self._standing(rotation, idempotency)
            rotation = rotation_rows.rotation(standing.beside.get(keys.rotation(rotation.name.tenant, rotation.id)))
            if standing.earlier is not None:
                return Advanced(rotation, replayed=True)
            if not {number for number in (rotation.new_version,) if number} <= set(standing.versions):
                continue  # it got its new version after it was read
            change = transition.after(rotation, self._of_secret(rotation, standing), standing.stamp(rotation.name))
            if change is None:
                return Advanced(rotation, changed=False)
            version = head_of(standing.heads[rotation.name]).newest + 1
            if change.addition is not None and seal is not None and version not in sealed:
                sealed[version] = seal(version)
            if self._commit(standing, rotation.name, change, sealed.get(version), entry, idempotency):
                return Advanced(change.rotation)
        raise Contended

    def put_settings(
        self, name: Name, draft: SettingsDraft, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[RotationSettings]:
        place = keys.rotation_settings(name)
        for _ in attempts(self._clock):
            standing = self._rows.standing([name], idempotency, beside=[place])
            if standing.earlier is not None:
                return Committed(RotationSettings.from_record(name, standing.earlier), replayed=True)
            was = standing.heads.get(name)
            if was is None or (head_of(was).deleted and draft.due is None):
                raise NotFound("there is no such secret in this environment")
            at = standing.stamp(name)
            new = draft.over(name, rotation_rows.settings(name, standing.beside.get(place)), at)
            told = new.told(entry, at=at, revision=standing.revision(name))
            puts = [rotation_rows.put_settings(new, standing.beside)]
            change = relocation(name, was, {}, {}, new.shown_by(head_of(was)), told)
            try:
                self._rows.commit(standing, [change], idempotency=idempotency, result=new.to_record(), beside=puts)
            except Lost:
                continue
            return Committed(new)
        raise Contended

    def _read(self, tenant: TenantId, *asked: keys.Key) -> dict[keys.Key, Item]:
        found = self._rows.store.get_all([keys.tenant(tenant), *asked])
        self._rows.require_active(tenant, found)
        return found

    def _standing(self, rotation: Rotation, idempotency: Idempotency | None) -> Standing:
        name = rotation.name
        versions = [number for number in (rotation.old_version, rotation.new_version) if number]
        return self._rows.standing([name], idempotency, versions, rotation_rows.places(name, rotation.id))

    def _of_secret(self, rotation: Rotation, standing: Standing) -> transitions.Standing:
        marks = {number: mark_of(item) for number, item in standing.versions.items()}
        settings = rotation_rows.settings(rotation.name, standing.beside.get(keys.rotation_settings(rotation.name)))
        return transitions.Standing(head_of(standing.heads.get(rotation.name)), marks, settings)

    def _commit(
        self,
        standing: Standing,
        name: Name,
        change: Change,
        sealed: Sealed | None,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> bool:
        """Whether it was written: False when somebody was faster."""
        revision, at = standing.revision(name), standing.stamp(name)
        told = change.told(entry, at=at, revision=revision)
        of_secret = self._change_of_secret(standing, name, change, sealed, told)
        puts: list[Put] = rotation_rows.puts(change, standing.beside)
        result = {"rotation_id": change.rotation.id}
        try:
            self._rows.commit(standing, [of_secret], idempotency=idempotency, result=result, beside=puts)
        except Lost:
            return False
        return True

    def _change_of_secret(
        self, standing: Standing, name: Name, change: Change, sealed: Sealed | None, told: JournalEntry
    ) -> HeadChange:
        was, marks = standing.heads[name], change.after.marks if change.after else {}
        if change.addition is not None and sealed is not None:
            shown, at, revision = self._secrets.shown(name, was), standing.stamp(name), standing.revision(name)
            new = change.added(change.addition, head_of(was), shown, sealed, at=at, revision=revision)
            return self._secrets.addition(was, new, told, marks.get(new.version))
        head = change.after.head if change.after else head_of(was)
        head = change.settings.shown_by(head) if change.settings else head
        return self._secrets.moved(name, was, standing.versions, marks, head, told)
