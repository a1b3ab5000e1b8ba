"""Configs in DynamoDB."""

import json

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.contents import Contents
from llm_config.adapters.dynamodb.items import Item
from llm_config.adapters.dynamodb.store import Lost
from llm_config.adapters.dynamodb.versioned import Standing, VersionedRows
from llm_config.ports.clock import Clock
from llm_config_domain.configs.entries import ConfigDraft, ConfigVersion, Layers, next_version
from llm_config_domain.errors import Contended, NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import PLATFORM, Name, TenantId
from llm_config_domain.versions import Committed, Preconditions, head_of


class DynamoConfigs:
    """Implements `config_reader` and `config_writer`."""

    def __init__(self, rows: VersionedRows, contents: Contents, clock: Clock) -> None:
        self._rows, self._contents, self._clock = rows, contents, clock

    def entry(self, name: Name, version: int | None = None) -> ConfigVersion:
        head, row = self._rows.read(name, version)
        item = head if version is None else row
        if item is None or (version is None and _bare(name, item).head.deleted):
            raise NotFound("there is no such config in this environment")
        return self._whole(name, item)

    def layers(self, tenant: TenantId, namespace: str, key: str) -> Layers:
        own = keys.revision("configs", tenant, namespace)
        platform = keys.revision("configs", PLATFORM, namespace)
        found = self._rows.store.get_all([keys.tenant(tenant), own, platform])
        self._rows.require_active(tenant, found)
        entries = {
            line: self._environments(owner, namespace, key)
            for line, owner in {own: tenant, platform: PLATFORM}.items()
            if line in found
        }
        revision = found[own]["revision"] if own in found else 0
        return Layers(revision, entries.get(own, {}), entries.get(platform, {}))

    def put(
        self,
        name: Name,
        draft: ConfigDraft,
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[ConfigVersion]:
        for _ in attempts(self._clock):
            standing = self._rows.standing(name, idempotency)
            if standing.earlier is not None:
                return Committed(self._written(name, standing), replayed=True)
            current = _bare(name, standing.head) if standing.head else None
            preconditions.check(head_of(current))
            new = next_version(name, current, draft, revision=standing.revision, at=standing.stamp)
            try:
                self._rows.commit(standing, name, self._row(new), entry=new.told(entry), idempotency=idempotency)
            except Lost:
                continue
            return Committed(new)
        raise Contended

    def _environments(self, tenant: TenantId, namespace: str, key: str) -> dict[str, ConfigVersion]:
        prefix = keys.heads_prefix(key)
        pk = keys.revision("configs", tenant, namespace).pk
        names = {sk.removeprefix(prefix): item for sk, item in self._rows.store.query("configs", pk, prefix)}
        return {
            environment: self._whole(Name(tenant, namespace, key, environment), item)
            for environment, item in names.items()
        }

    def _row(self, new: ConfigVersion) -> Item:
        kept = self._contents.kept(new.name.tenant, new.value)
        return {"version": new.version, "record": json.dumps(new.to_record()), **kept}

    def _whole(self, name: Name, item: Item) -> ConfigVersion:
        value = self._contents.text(name.tenant, item)
        return ConfigVersion.from_record(name, json.loads(item["record"]), value)

    def _written(self, name: Name, standing: Standing) -> ConfigVersion:
        """The version that the idempotency key wrote: usually still the current one, and then it is already read."""
        version, head = standing.earlier["version"], standing.head  # type: ignore[index]  # the caller looked
        item = head if head and head["version"] == version else self._rows.version(name, version)
        if item is None:
            raise NotFound("the version that this key wrote is gone")
        return self._whole(name, item)


def _bare(name: Name, item: Item) -> ConfigVersion:
    """Without its value, which a next version does not need and which may be far away."""
    return ConfigVersion.from_record(name, json.loads(item["record"]), "")
