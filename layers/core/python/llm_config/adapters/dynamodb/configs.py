"""Configs in DynamoDB."""

import json
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.contents import Contents
from llm_config.adapters.dynamodb.items import Item
from llm_config.adapters.dynamodb.store import Lost
from llm_config.adapters.dynamodb.versioned import Change, Standing, VersionedRows, head_name
from llm_config.ports.clock import Clock
from llm_config.ports.config_reader import NamespacePage, Place
from llm_config.ports.config_writer import Step
from llm_config_domain.configs.changes import Source
from llm_config_domain.configs.entries import ConfigMetadata, ConfigVersion, Layers, Pins, next_version, pins_at
from llm_config_domain.errors import Broken, Contended, NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import PLATFORM, Name, TenantId
from llm_config_domain.versions import Committed, Moment, version_at


class DynamoConfigs:
    """Implements `config_reader` and `config_writer`."""

    def __init__(self, rows: VersionedRows, contents: Contents, clock: Clock) -> None:
        self._rows, self._contents, self._clock = rows, contents, clock

    def entry(self, name: Name, version: int | None = None) -> ConfigVersion:
        head, row = self._rows.read(name, version)
        item = head if version is None else row
        if item is None or (version is None and _metadata(name, item).head.deleted):
            raise NotFound("there is no such config in this environment")
        return self._whole(name, item)

    def history(self, name: Name, before: int | None, limit: int) -> Sequence[ConfigMetadata]:
        head, _ = self._rows.read(name)
        if head is None:
            raise NotFound("there never was such a config in this environment")
        found = self._rows.store.query("configs", keys.versions_before(name, before), newest_first=True, page=limit)
        return [_metadata(name, item) for item in islice(found, limit)]

    def layers(self, tenant: TenantId, namespace: str, key: str, pins: Pins | None = None) -> Layers:
        pins = pins or self.pins(tenant, namespace)
        own = self._environments(tenant, namespace, key) if pins.tenant else {}
        if tenant == PLATFORM:
            return Layers(pins.tenant, own, own, pins.platform, pins.generation, pins.bound_seconds)
        platform = self._environments(PLATFORM, namespace, key) if pins.platform else {}
        return Layers(pins.tenant, own, platform, pins.platform, pins.generation, pins.bound_seconds)

    def layers_at(self, tenant: TenantId, namespace: str, key: str, moment: Moment) -> Layers:
        stamps = (partial(self._committed_at, owner, namespace) for owner in (tenant, PLATFORM))
        pins = pins_at(moment, self.pins(tenant, namespace), *stamps)
        own = self._then(tenant, namespace, key, pins.tenant)
        platform = own if tenant == PLATFORM else self._then(PLATFORM, namespace, key, pins.platform)
        return Layers(pins.tenant, own, platform, pins.platform)

    def namespace(self, tenant: TenantId, namespace: str, pins: Pins | None, after: str, limit: int) -> NamespacePage:
        now = self.pins(tenant, namespace)
        pins = pins or now
        heads = {
            owner: self._heads(owner, namespace, after, limit) if pinned else {}
            for owner, pinned in ((tenant, pins.tenant), (PLATFORM, pins.platform))
        }
        found = sorted(set().union(*heads.values()))
        page = {
            key: Layers(
                pins.tenant,
                self._pinned(heads[tenant].get(key, ()), pins.tenant),
                self._pinned(heads[PLATFORM].get(key, ()), pins.platform),
            )
            for key in found[:limit]
        }
        return NamespacePage(pins, page, last=max(page, default=after), more=len(found) > limit)

    def listing(self, tenant: TenantId, glob: str, after: Place | None, limit: int) -> Sequence[ConfigMetadata]:
        return [_metadata(name, item) for name, item in self._rows.listing(tenant, glob, after, limit)]

    def write(
        self, steps: Sequence[Step], *, idempotency: Idempotency | None, dry_run: bool = False
    ) -> Committed[tuple[ConfigVersion, ...]]:
        names = [step.name for step in steps]
        for _ in attempts(self._clock):
            standing = self._rows.standing(names, idempotency)
            if standing.earlier is not None:
                return Committed(tuple(self._written(names, standing)), replayed=True)
            new = tuple(self._next(standing, step) for step in steps)
            if dry_run:
                return Committed(new)
            changes = [self._change(step, version) for step, version in zip(steps, new, strict=True)]
            try:
                result = {"versions": [version.version for version in new]}
                self._rows.commit(standing, changes, idempotency=idempotency, result=result)
            except Lost:
                continue
            return Committed(new)
        raise Contended

    def _next(self, standing: Standing, step: Step) -> ConfigVersion:
        name = step.name
        head = standing.heads.get(name)
        current = _metadata(name, head) if head else None
        draft = step.change.draft(current, self._source(name, head, step.change.wants(current)))
        return next_version(name, current, draft, revision=standing.revision(name), at=standing.stamp(name))

    def _source(self, name: Name, head: Item | None, wanted: Source) -> ConfigVersion | None:
        if wanted is None or head is None:
            return None
        if isinstance(wanted, Moment):
            return self._stood_at(wanted, name, head)
        item = head if wanted == head["version"] else self._rows.version(name, wanted)
        return self._whole(name, item) if item else None

    def _stood_at(self, moment: Moment, name: Name, head: Item) -> ConfigVersion | None:
        seen = {head["version"]: head}

        def read(number: int) -> ConfigMetadata:
            seen[number] = self._existing(name, number)
            return _metadata(name, seen[number])

        found = version_at(moment, _metadata(name, head), read)
        return self._whole(name, seen[found.version]) if found else None

    def _existing(self, name: Name, version: int) -> Item:
        item = self._rows.version(name, version)
        if item is None:
            raise NotFound("a version of this config is gone")
        return item

    def _change(self, step: Step, new: ConfigVersion) -> Change:
        kept = self._contents.kept(new.name.tenant, new.value)
        row = {"version": new.version, "record": json.dumps(new.to_record()), **kept}
        return Change(step.name, row, [self._rows.new_version(step.name, row)], new.told(step.entry))

    def pins(self, tenant: TenantId, namespace: str) -> Pins:
        own = keys.revision("configs", tenant, namespace)
        platform = keys.revision("configs", PLATFORM, namespace)
        said = keys.namespace(tenant, namespace)
        found = self._rows.store.get_all([keys.tenant(tenant), own, platform, said])
        purges = self._rows.require_active(tenant, found).purges
        revisions = {line: found[line]["revision"] for line in (own, platform) if line in found}
        bound = json.loads(found[said]["record"]).get("staleness_bound_seconds") if said in found else None
        return Pins(revisions.get(own, 0), revisions.get(platform, 0), purges, bound)

    def _heads(self, owner: TenantId, namespace: str, after: str, limit: int) -> dict[str, list[tuple[Name, Item]]]:
        """The heads of the next keys: of one key more than `limit` where there are more."""
        found: dict[str, list[tuple[Name, Item]]] = {}
        for item in self._rows.store.query("configs", keys.heads_after(owner, namespace, after), page=4 * limit):
            name = head_name(owner, namespace, item)
            if name.key not in found and len(found) > limit:
                break
            found.setdefault(name.key, []).append((name, item))
        return found

    def _pinned(self, heads: Sequence[tuple[Name, Item]], revision: int) -> dict[str, ConfigVersion]:
        standing = ((name, self._source(name, item, Moment(revision=revision))) for name, item in heads)
        return {name.environment: version for name, version in standing if version is not None}

    def _committed_at(self, owner: TenantId, namespace: str, revision: int) -> str:
        row = self._rows.store.get(keys.config_change(owner, namespace, revision))
        if row is None:
            raise Broken("a change of this namespace has no record")
        return JournalEntry.from_record(json.loads(row["entry"])).at

    def _then(self, owner: TenantId, namespace: str, key: str, revision: int) -> dict[str, ConfigVersion]:
        """The entries of a key as they stood at `revision` of its owner's line."""
        if not revision:
            return {}
        heads = self._rows.store.query("configs", keys.heads_of(owner, namespace, key))
        return self._pinned([(head_name(owner, namespace, item), item) for item in heads], revision)

    def _environments(self, tenant: TenantId, namespace: str, key: str) -> dict[str, ConfigVersion]:
        found = self._rows.store.query("configs", keys.heads_of(tenant, namespace, key))
        names = ((head_name(tenant, namespace, item), item) for item in found)
        return {name.environment: self._whole(name, item) for name, item in names}

    def _whole(self, name: Name, item: Item) -> ConfigVersion:
        value = self._contents.text(name.tenant, item)
        return ConfigVersion.whole(name, json.loads(item["record"]), value)

    def _written(self, names: Sequence[Name], standing: Standing) -> Iterator[ConfigVersion]:
        """The versions that the idempotency key wrote: usually still the current ones, and then already read."""
        for name, version in zip(names, standing.earlier["versions"], strict=True):  # type: ignore[index]
            head = standing.heads.get(name)
            yield self._whole(name, head if head and head["version"] == version else self._existing(name, version))


def _metadata(name: Name, item: Item) -> ConfigMetadata:
    return ConfigMetadata.from_record(name, json.loads(item["record"]))
