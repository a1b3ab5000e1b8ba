"""Names with versions, of either table: read together with what they depend on, moved on in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from llm_config.adapters.dynamodb import keys, rows
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config.adapters.dynamodb.key_ids import TenantKeyIds
from llm_config.adapters.dynamodb.keys import Key, VersionedTable
from llm_config.adapters.dynamodb.store import DynamoStore, OutcomeUnknown
from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId
from llm_config_domain.tenants import require_active


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands where a write would go. `earlier` is what its idempotency key was answered with, if it was."""

    head: Item | None
    line: Item | None
    earlier: Any | None
    now: datetime

    @property
    def revision(self) -> int:
        """The revision that the write would be."""
        return (self.line["revision"] if self.line else 0) + 1

    @property
    def stamp(self) -> str:
        """When the write would be: later than the one before it, whatever the clock says."""
        return times.after(self.now, self.line["committed_at"] if self.line else None)


class VersionedRows:
    """`change_key` places a change in its line of the journal."""

    def __init__(
        self,
        store: DynamoStore,
        table: VersionedTable,
        change_key: Callable[[TenantId, str, int], Key],
        *,
        clock: Clock,
        key_ids: TenantKeyIds,
    ) -> None:
        self.store, self._table, self._change_key = store, table, change_key
        self._clock, self._key_ids = clock, key_ids

    def read(self, name: Name, version: int | None = None) -> tuple[Item | None, Item | None]:
        """(head row, that version's row), of an active tenant, in one call."""
        head = keys.head(self._table, name)
        asked = [keys.tenant(name.tenant), head]
        if version is not None and version <= keys.MAX_VERSION:
            asked.append(keys.version(self._table, name, version))
        found = self.store.get_all(asked)
        self.require_active(name.tenant, found)
        return found.get(head), found.get(asked[2]) if len(asked) == 3 else None

    def version(self, name: Name, version: int) -> Item | None:
        return self.store.get(keys.version(self._table, name, version))

    def require_active(self, tenant: TenantId, found: dict[Key, Item]) -> None:
        """Raises Unauthenticated unless the tenant's row is among `found` and says active."""
        self._key_ids.note(require_active(rows.tenant_of(found.get(keys.tenant(tenant)))))

    def standing(self, name: Name, idempotency: Idempotency | None) -> Standing:
        """One call. Raises Unauthenticated, IdempotencyMismatch."""
        head, line = keys.head(self._table, name), keys.revision(self._table, name.tenant, name.namespace)
        promise = keys.idempotency(idempotency) if idempotency else None
        found = self.store.get_all([keys.tenant(name.tenant), head, line, *([promise] if promise else [])])
        self.require_active(name.tenant, found)
        now = self._clock.now()
        earlier = rows.earlier_result(found.get(promise) if promise else None, idempotency, now)
        return Standing(found.get(head), found.get(line), earlier, now)

    def commit(
        self,
        standing: Standing,
        name: Name,
        row: Item,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> None:
        """Put `row` as the next version on top of `standing`: one transaction, always in this order.

        Raises Lost when the state has moved since it was read, Unavailable.
        """
        version, revision = row["version"], standing.revision
        line = {"revision": revision, "committed_at": standing.stamp}
        record = self._change_key(name.tenant, name.namespace, revision)
        puts = [
            Put(keys.head(self._table, name), row, unchanged(standing.head, "version")),
            Put(keys.version(self._table, name, version), row),
            Put(keys.revision(self._table, name.tenant, name.namespace), line, unchanged(standing.line, "revision")),
            rows.change(record, entry),
            *rows.remembered(idempotency, {"version": version}, standing.now),
        ]
        try:
            self.store.transact(puts)
        except OutcomeUnknown:
            if not rows.is_record_of(self.store.get(record), entry):
                raise
