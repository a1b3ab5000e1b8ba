"""A tenant's control rows: read together with the line that their changes stand in, changed in one transaction."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from llm_config.adapters.dynamodb import keys, rows
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config.adapters.dynamodb.keys import Key
from llm_config.adapters.dynamodb.store import DynamoStore, OutcomeUnknown
from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId
from llm_config_domain.tenants import require_active


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands where a change would go. `earlier` is what its idempotency key was answered with, if it was."""

    tenant: TenantId
    found: Mapping[Key, Item]
    earlier: Any | None
    now: datetime

    @property
    def line(self) -> Item | None:
        return self.found.get(keys.control_revision(self.tenant))

    @property
    def revision(self) -> int:
        """The revision that the change would be."""
        return (self.line["revision"] if self.line else 0) + 1

    @property
    def stamp(self) -> str:
        """When the change would be: later than the one before it, whatever the clock says."""
        return times.after(self.now, self.line["committed_at"] if self.line else None)


class ControlRows:
    def __init__(self, store: DynamoStore, clock: Clock) -> None:
        self.store, self.clock = store, clock

    def read(self, tenant: TenantId, asked: Iterable[Key]) -> Mapping[Key, Item]:
        """Those of the rows that are there, of an active tenant, in one call. Raises Unauthenticated."""
        found = self.store.get_all([keys.tenant(tenant), *asked])
        require_active(rows.tenant_of(found.get(keys.tenant(tenant))))
        return found

    def standing(self, tenant: TenantId, asked: Sequence[Key], idempotency: Idempotency | None) -> Standing:
        """One call. Raises Unauthenticated, IdempotencyMismatch."""
        promise = keys.idempotency(idempotency) if idempotency else None
        found = self.read(tenant, [keys.control_revision(tenant), *asked, *([promise] if promise else [])])
        now = self.clock.now()
        earlier = rows.earlier_result(found.get(promise) if promise else None, idempotency, now)
        return Standing(tenant, found, earlier, now)

    def commit(
        self,
        standing: Standing,
        puts: Sequence[Put],
        told: JournalEntry,
        *,
        idempotency: Idempotency | None,
        result: Any,
    ) -> None:
        """Make a change on top of `standing`: one transaction, its own rows first.

        Raises Lost when the state has moved since it was read, Unavailable.
        """
        record = keys.control_change(standing.tenant, standing.revision)
        line = {"revision": standing.revision, "committed_at": standing.stamp}
        whole = [
            *puts,
            Put(keys.control_revision(standing.tenant), line, unchanged(standing.line, "revision")),
            rows.change(record, told),
            *rows.remembered(idempotency, result, standing.now),
        ]
        try:
            self.store.transact(whole)
        except OutcomeUnknown:
            if not rows.is_record_of(self.store.get(record), told):
                raise
