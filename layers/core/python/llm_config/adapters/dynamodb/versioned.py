"""Names with versions, of either table: read together with what they depend on, moved on in one transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from llm_config.adapters.dynamodb import keys, rows
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config.adapters.dynamodb.key_ids import TenantKeyIds
from llm_config.adapters.dynamodb.keys import MAX_VERSION, Key, VersionedTable
from llm_config.adapters.dynamodb.store import DynamoStore, OutcomeUnknown
from llm_config.ports.clock import Clock
from llm_config.ports.config_reader import Place
from llm_config_domain import times
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId, glob_prefix
from llm_config_domain.tenants import Tenant, require_active


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands where a write would go; `versions` and `beside` are those asked for. `earlier` is what its idempotency
    key was answered with, if it was."""

    heads: Mapping[Name, Item]
    lines: Mapping[str, Item]
    versions: Mapping[int, Item]
    earlier: Any | None
    now: datetime
    beside: Mapping[Key, Item] = field(default_factory=dict)

    def revision(self, name: Name) -> int:
        """The revision that the write would be."""
        line = self.lines.get(name.namespace)
        return (line["revision"] if line else 0) + 1

    def stamp(self, name: Name) -> str:
        """When the write would be: later than the one before it, whatever the clock says."""
        line = self.lines.get(name.namespace)
        return times.after(self.now, line["committed_at"] if line else None)


@dataclass(frozen=True, slots=True)
class Change:
    """What one name becomes: its head, the version rows beside it, and the record of it."""

    name: Name
    head: Item
    versions: Sequence[Put]
    entry: JournalEntry


class ChangeKey(Protocol):
    """Places a change in its line of the journal."""

    def __call__(self, tenant_id: TenantId, namespace: str, revision: int, ordinal: int = 0) -> Key: ...


class VersionedRows:
    def __init__(
        self,
        store: DynamoStore,
        table: VersionedTable,
        change_key: ChangeKey,
        *,
        clock: Clock,
        key_ids: TenantKeyIds,
    ) -> None:
        self.store, self.table, self._change_key = store, table, change_key
        self._clock, self._key_ids = clock, key_ids

    def read(self, name: Name, version: int | None = None) -> tuple[Item | None, Item | None]:
        """(head row, that version's row), of an active tenant, in one call."""
        head = keys.head(self.table, name)
        asked = [keys.tenant(name.tenant), head]
        if version is not None and version <= MAX_VERSION:
            asked.append(keys.version(self.table, name, version))
        found = self.store.get_all(asked)
        self.require_active(name.tenant, found)
        return found.get(head), found.get(asked[2]) if len(asked) == 3 else None

    def version(self, name: Name, version: int) -> Item | None:
        return self.store.get(keys.version(self.table, name, version))

    def require_active(self, tenant: TenantId, found: Mapping[Key, Item]) -> Tenant:
        """Raises Unauthenticated unless the tenant's row is among `found` and says active."""
        active = require_active(rows.tenant_of(found.get(keys.tenant(tenant))))
        self._key_ids.note(active)
        return active

    def standing(
        self,
        names: Sequence[Name],
        idempotency: Idempotency | None,
        versions: Sequence[int] = (),
        beside: Sequence[Key] = (),
    ) -> Standing:
        """One call; the names are of one tenant, `versions` are of the first. Raises Unauthenticated,
        IdempotencyMismatch."""
        tenant = names[0].tenant
        heads = {name: keys.head(self.table, name) for name in names}
        lines = {name.namespace: keys.revision(self.table, tenant, name.namespace) for name in names}
        numbered = {number: keys.version(self.table, names[0], number) for number in versions if number <= MAX_VERSION}
        promise = keys.idempotency(idempotency) if idempotency else None
        asked = [keys.tenant(tenant), *heads.values(), *lines.values(), *numbered.values(), *beside]
        found = self.store.get_all([*asked, *([promise] if promise else [])])
        self.require_active(tenant, found)
        now = self._clock.now()
        return Standing(
            {name: found[key] for name, key in heads.items() if key in found},
            {namespace: found[key] for namespace, key in lines.items() if key in found},
            {number: found[key] for number, key in numbered.items() if key in found},
            rows.earlier_result(found.get(promise) if promise else None, idempotency, now),
            now,
            {key: found[key] for key in beside if key in found},
        )

    def listing(self, tenant: TenantId, glob: str, after: Place | None, limit: int) -> Sequence[tuple[Name, Item]]:
        """The heads of the namespaces that `glob` means, in the order of their names. One namespace is read strongly,
        several are read from the index, which has no values. Raises Unauthenticated."""
        self.require_active(tenant, self.store.get_all([keys.tenant(tenant)]))
        prefix = glob_prefix(glob)
        if prefix is not None:
            found = self.store.listing(self.table, keys.listed_heads(tenant, prefix, after), page=limit)
            return [(Name(tenant, *item["listed"].split("#")), item) for item in islice(found, limit)]
        place = after[1:] if after else ()
        found = self.store.query(self.table, keys.heads_after(tenant, glob, *place), page=limit)
        return [(head_name(tenant, glob, item), item) for item in islice(found, limit)]

    def new_version(self, name: Name, row: Item) -> Put:
        return Put(keys.version(self.table, name, row["version"]), row)

    def commit(
        self,
        standing: Standing,
        changes: Sequence[Change],
        *,
        idempotency: Idempotency | None,
        result: Any,
        beside: Sequence[Put] = (),
    ) -> None:
        """Make `changes` on top of `standing`, and the rows `beside` them: one transaction, always in this order.

        Raises Lost when the state has moved since it was read, Unavailable.
        """
        told = self._told(standing, changes)
        puts = [
            *(put for change in changes for put in (self._head(standing, change), *change.versions)),
            *self._lines(standing, changes),
            *beside,
            *told,
            *rows.remembered(idempotency, result, standing.now),
        ]
        try:
            self.store.transact(puts)
        except OutcomeUnknown:
            if not rows.is_record_of(self.store.get(told[0].key), changes[0].entry):
                raise

    def _head(self, standing: Standing, change: Change) -> Put:
        item = {**change.head, "revision": standing.revision(change.name), **keys.listed_head(change.name)}
        return Put(keys.head(self.table, change.name), item, unchanged(standing.heads.get(change.name), "revision"))

    def _lines(self, standing: Standing, changes: Sequence[Change]) -> list[Put]:
        """One row a namespace, however many of its names change."""
        names = {change.name.namespace: change.name for change in changes}
        return [
            Put(
                keys.revision(self.table, name.tenant, namespace),
                {
                    "revision": standing.revision(name),
                    "committed_at": standing.stamp(name),
                    **keys.listed_line(name.tenant, namespace),
                },
                unchanged(standing.lines.get(namespace), "revision"),
            )
            for namespace, name in names.items()
        ]

    def _told(self, standing: Standing, changes: Sequence[Change]) -> list[Put]:
        told: list[Put] = []
        ordinals: dict[str, int] = {}
        counts = Counter(change.name.namespace for change in changes)
        for change in changes:
            name = change.name
            ordinal = ordinals[name.namespace] = ordinals.get(name.namespace, -1) + 1
            place = self._change_key(name.tenant, name.namespace, standing.revision(name), ordinal)
            told.append(rows.change(place, change.entry, counts[name.namespace] - ordinal - 1))
        return told


def head_name(tenant: TenantId, namespace: str, item: Item) -> Name:
    _, key, _, environment = item["sk"].split("#")
    return Name(tenant, namespace, key, environment)
