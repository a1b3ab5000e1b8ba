"""Subscriptions in DynamoDB: one row among the tenant's, and one among those of every tenant, for whoever delivers."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from llm_config.adapters.dynamodb import keys, rows, subscription_keys
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.control import ControlRows, Standing
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config.adapters.dynamodb.store import DynamoStore, Lost
from llm_config_domain.errors import Contended, NotFound, Unavailable
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.subscriptions import DeliveryState, HeldSubscription, Subscription
from llm_config_domain.tenants import Status
from llm_config_domain.versions import ChangeType, Committed

Change = Callable[[Item | None, str], HeldSubscription]
"""What stands there and the time of the transaction -> what shall. Raises NotFound."""

TRIES = 5


class DynamoSubscriptions:
    """Implements `subscription_reader` and `subscription_writer`."""

    def __init__(self, control: ControlRows) -> None:
        self._rows = control

    def entry(self, tenant: TenantId, subscription_id: str) -> Subscription:
        place = subscription_keys.subscription(tenant, subscription_id)
        return _there(self._rows.read(tenant, [place]).get(place)).subscription

    def listing(self, tenant: TenantId, after: str, limit: int) -> Sequence[Subscription]:
        self._rows.read(tenant, [])
        asked = subscription_keys.subscriptions_after(tenant, after)
        found = self._rows.store.query("control", asked, page=limit)
        return [_held(item).subscription for item in islice(found, limit)]

    def held(self, tenant: TenantId, subscription_id: str) -> HeldSubscription | None:
        place, owner = subscription_keys.subscription(tenant, subscription_id), keys.tenant(tenant)
        found = self._rows.store.get_all([place, owner])
        told = rows.tenant_of(found.get(owner))
        if place not in found or told is None or told.status is not Status.ACTIVE:
            return None
        held = _held(found[place])
        return held if held.subscription.is_active else None

    def active(self, after: str, limit: int) -> Sequence[tuple[TenantId, str]]:
        listed = self._rows.store.query("control", subscription_keys.listed_after(after), page=limit)
        places = (item["sk"].split("#") for item in listed if item["active"])
        return [(TenantId(tenant), its_id) for tenant, its_id in islice(places, limit)]

    def create(
        self, held: HeldSubscription, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Subscription]:
        def make(was: Item | None, at: str) -> HeldSubscription:
            return replace(held, subscription=replace(held.subscription, created_at=at))

        told = held.subscription
        return self._change(told.tenant, told.id, make, ChangeType.CREATE, entry, idempotency)

    def delete(
        self, tenant: TenantId, subscription_id: str, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Subscription]:
        def make(was: Item | None, at: str) -> HeldSubscription:
            held = _there(was)
            return replace(held, subscription=held.subscription.deleted(at))

        return self._change(tenant, subscription_id, make, ChangeType.DELETE, entry, idempotency)

    def disable(self, tenant: TenantId, subscription_id: str, *, entry: JournalEntry) -> Committed[Subscription]:
        def make(was: Item | None, at: str) -> HeldSubscription:
            held = _there(was)
            if not held.subscription.is_active:
                raise NotFound("there is no such subscription")
            return replace(held, subscription=held.subscription.disabled(at))

        return self._change(tenant, subscription_id, make, ChangeType.REVOKE, entry, None)

    def _change(
        self,
        tenant: TenantId,
        subscription_id: str,
        make: Change,
        change_type: ChangeType,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Subscription]:
        place = subscription_keys.subscription(tenant, subscription_id)
        for _ in attempts(self._rows.clock):
            standing = self._rows.standing(tenant, [place], idempotency)
            if standing.earlier is not None:
                return self._earlier(standing)
            was = standing.found.get(place)
            made = make(was, standing.stamp)
            try:
                self._commit(standing, was, made, change_type, entry, idempotency)
            except Lost:
                continue
            return Committed(made.subscription)
        raise Contended

    def _earlier(self, standing: Standing) -> Committed[Subscription]:
        place = subscription_keys.subscription(standing.tenant, standing.earlier["id"])  # type: ignore[index]
        return Committed(_held(self._rows.read(standing.tenant, [place])[place]).subscription, replayed=True)

    def _commit(
        self,
        standing: Standing,
        was: Item | None,
        made: HeldSubscription,
        change_type: ChangeType,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> None:
        new = made.subscription
        row = {"version": new.version, "record": json.dumps(new.to_record()), "secret": made.secret.blob}
        listed = {"version": new.version, "active": int(new.is_active)}
        before = {"version": was["version"]} if was else None
        puts = [
            Put(subscription_keys.subscription(new.tenant, new.id), row, unchanged(was, "version")),
            Put(subscription_keys.listed(new.tenant, new.id), listed, unchanged(before, "version")),
        ]
        told = committed(
            entry, change_type, at=standing.stamp, version=new.version, revision=standing.revision, **new.told
        )
        self._rows.commit(standing, puts, told, idempotency=idempotency, result={"id": new.id})


class DynamoDeliveryStates:
    """Implements `delivery_states`."""

    def __init__(self, store: DynamoStore) -> None:
        self._store = store

    def of(self, tenant: TenantId, subscription_id: str) -> DeliveryState:
        found = self._store.get(subscription_keys.state(tenant, subscription_id))
        return DeliveryState.from_record(json.loads(found["record"])) if found else DeliveryState()

    def keep(self, tenant: TenantId, subscription_id: str, state: DeliveryState) -> None:
        key = subscription_keys.state(tenant, subscription_id)
        for _ in range(TRIES):
            was = self._store.get(key)
            version = (was["version"] if was else 0) + 1
            item = {"version": version, "record": json.dumps(state.to_record())}
            try:
                return self._store.put(Put(key, item, unchanged(was, "version")))
            except Lost:
                continue
        raise Unavailable("the state of a subscription is kept by too many at once")


def _held(item: Item) -> HeldSubscription:
    return HeldSubscription(Subscription.from_record(json.loads(item["record"])), Sealed(item["secret"]))


def _there(item: Item | None) -> HeldSubscription:
    """Raises NotFound for one that is not there or is deleted."""
    held = _held(item) if item else None
    if held is None or held.subscription.deleted_at is not None:
        raise NotFound("there is no such subscription")
    return held
