"""Tenants in DynamoDB. A name is a row of its own, so that two tenants cannot take it at once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

from llm_config.adapters.dynamodb import keys, rows
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config.adapters.dynamodb.keys import Key
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
        self,
        tenant: Tenant,
        make_key: Callable[[TenantId], str],
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Tenant]:
        key_of = cache(make_key)  # once, however often the transaction is tried
        for _ in attempts(self._clock):
            now = self._clock.now()
            found = self._standing(tenant.name, idempotency)
            earlier = self._earlier(tenant.name, found, idempotency, now)
            if earlier is not None:
                return Committed(earlier, replayed=True)
            try:
                attempt = self._attempt(tenant, found.get(keys.tenant_attempt(tenant.name)))
                new = TenantId(attempt["id"])
                keyed = replace(tenant, id=new, key_id=key_of(new))
                self._commit(keyed, attempt, _told_of(new, entry), idempotency, now)
            except Lost:
                continue
            return Committed(keyed)
        raise Contended

    def _standing(self, name: str, idempotency: Idempotency | None) -> Mapping[Key, Item]:
        promise = [keys.idempotency(idempotency)] if idempotency else []
        return self._store.get_all([keys.tenant_name(name), keys.tenant_attempt(name), *promise])

    def _earlier(
        self, name: str, found: Mapping[Key, Item], idempotency: Idempotency | None, now: datetime
    ) -> Tenant | None:
        """The tenant that this key made, or None when the name is free. Raises Conflict, IdempotencyMismatch."""
        promise = found.get(keys.idempotency(idempotency)) if idempotency else None
        earlier = rows.earlier_result(promise, idempotency, now)
        if earlier is not None:
            return self.by_id(TenantId(earlier["id"]))
        if keys.tenant_name(name) in found:
            raise Conflict("a tenant of this name exists")
        return None

    def _attempt(self, tenant: Tenant, last: Item | None) -> Item:
        """The attempt at this name that is open; a new one when there is none. Raises Lost when another call begins one."""
        if last is not None and last["open"]:
            return last
        begun = {"id": tenant.id, "number": (last["number"] if last else 0) + 1, "open": 1}
        self._store.put(Put(keys.tenant_attempt(tenant.name), begun, unchanged(last, "number")))
        return begun

    def _commit(
        self, tenant: Tenant, attempt: Item, entry: JournalEntry, idempotency: Idempotency | None, now: datetime
    ) -> None:
        at = times.rfc3339(now)
        told = committed(
            entry, ChangeType.CREATE, at=at, version=1, revision=FIRST_REVISION, name=tenant.name, tier=tenant.tier
        )
        record = keys.control_change(tenant.id, FIRST_REVISION)
        ended = {**attempt, "number": attempt["number"] + 1, "open": 0}
        puts = [
            Put(keys.tenant(tenant.id), {"record": json.dumps(tenant.to_record())}),
            Put(keys.tenant_name(tenant.name), {"id": tenant.id}),
            Put(keys.listed_tenant(tenant.id), {"name": tenant.name}),
            Put(keys.tenant_attempt(tenant.name), ended, unchanged(attempt, "number")),
            Put(keys.control_revision(tenant.id), {"revision": FIRST_REVISION, "committed_at": at}),
            rows.change(record, told),
            *rows.remembered(idempotency, {"id": tenant.id}, now),
        ]
        try:
            self._store.transact(puts)
        except OutcomeUnknown:
            if not rows.is_record_of(self._store.get(record), told):
                raise


def _told_of(tenant: TenantId, entry: JournalEntry) -> JournalEntry:
    return replace(entry, tenant=tenant, resource=replace(entry.resource, id=tenant))
