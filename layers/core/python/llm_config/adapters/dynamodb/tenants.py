"""Tenants in DynamoDB. A name is a row of its own, so that two tenants cannot take it at once."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache

from llm_config.adapters.dynamodb import keys, rows
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.items import Put
from llm_config.adapters.dynamodb.store import DynamoStore, Lost, OutcomeUnknown
from llm_config.ports.clock import Clock
from llm_config_domain import times
from llm_config_domain.errors import Conflict, Contended, NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.tenants import Tenant
from llm_config_domain.versions import ChangeType, Committed

FIRST_REVISION = 1


class DynamoTenants:
    """Implements `tenant_reader`, `tenant_writer` and `health_probe`."""

    def __init__(self, store: DynamoStore, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def by_id(self, tenant: TenantId) -> Tenant:
        found = rows.tenant_of(self._store.get(keys.tenant(tenant)))
        if found is None:
            raise NotFound("there is no such tenant")
        return found

    def by_name(self, name: str) -> Tenant:
        found = self._store.get(keys.tenant_name(name))
        if found is None:
            raise NotFound("there is no such tenant")
        return self.by_id(TenantId(found["id"]))

    def check(self) -> None:
        self._store.get(keys.tenant(PLATFORM), strong=False)

    def create(
        self, tenant: Tenant, make_key: Callable[[], str], *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Tenant]:
        key_id = cache(make_key)  # once, however often the transaction is tried
        for _ in attempts(self._clock):
            now = self._clock.now()
            earlier = self._earlier(tenant, idempotency, now)
            if earlier is not None:
                return Committed(earlier, replayed=True)
            keyed = replace(tenant, key_id=key_id())
            try:
                self._commit(keyed, entry, idempotency, now)
            except Lost:
                continue
            return Committed(keyed)
        raise Contended

    def _earlier(self, tenant: Tenant, idempotency: Idempotency | None, now: datetime) -> Tenant | None:
        """The tenant that this key made, or None when the name is free. Raises Conflict, IdempotencyMismatch."""
        taken, promise = keys.tenant_name(tenant.name), keys.idempotency(idempotency) if idempotency else None
        found = self._store.get_all([taken, *([promise] if promise else [])])
        earlier = rows.earlier_result(found.get(promise) if promise else None, idempotency, now)
        if earlier is not None:
            return self.by_id(TenantId(earlier["id"]))
        if taken in found:
            raise Conflict("a tenant of this name exists")
        return None

    def _commit(self, tenant: Tenant, entry: JournalEntry, idempotency: Idempotency | None, now: datetime) -> None:
        at = times.rfc3339(now)
        told = committed(
            entry, ChangeType.CREATE, at=at, version=1, revision=FIRST_REVISION, name=tenant.name, tier=tenant.tier
        )
        record = keys.control_change(tenant.id, FIRST_REVISION)
        puts = [
            Put(keys.tenant(tenant.id), {"record": json.dumps(tenant.to_record())}),
            Put(keys.tenant_name(tenant.name), {"id": tenant.id}),
            Put(keys.control_revision(tenant.id), {"revision": FIRST_REVISION, "committed_at": at}),
            rows.change(record, told),
            *rows.remembered(idempotency, {"id": tenant.id}, now),
        ]
        try:
            self._store.transact(puts)
        except OutcomeUnknown:
            if not rows.is_record_of(self._store.get(record), told):
                raise
