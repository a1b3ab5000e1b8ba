"""API keys in DynamoDB: one row by id, for authentication, and one among the tenant's rows, without the digest."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.control import ControlRows, Standing
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config.adapters.dynamodb.keys import Key
from llm_config.adapters.dynamodb.store import Lost
from llm_config_domain.api_keys import ApiKey, HeldKey
from llm_config_domain.errors import Contended, NotFound
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import TenantId
from llm_config_domain.versions import ChangeType, Committed


class DynamoApiKeys:
    """Implements `api_key_reader` and `api_key_writer`."""

    def __init__(self, rows: ControlRows) -> None:
        self._rows = rows

    def held(self, key_id: str) -> HeldKey | None:
        item = self._rows.store.get(keys.api_key(key_id))
        return HeldKey(_key(item), item["digest"]) if item else None

    def entry(self, tenant: TenantId, key_id: str) -> ApiKey:
        place = keys.listed_api_key(tenant, key_id)
        return _valid(self._rows.read(tenant, [place]), place)

    def listing(self, tenant: TenantId, after: str, limit: int) -> Sequence[ApiKey]:
        self._rows.read(tenant, [])
        found = self._rows.store.query("control", keys.listed_api_keys_after(tenant, after), page=limit)
        return [_key(item) for item in islice(found, limit)]

    def create(self, held: HeldKey, *, entry: JournalEntry, idempotency: Idempotency | None) -> Committed[ApiKey]:
        for _ in attempts(self._rows.clock):
            standing = self._rows.standing(held.key.tenant, [], idempotency)
            if standing.earlier is not None:
                return self._earlier(standing)
            new = replace(held.key, created_at=standing.stamp)
            puts = [Put(place, item) for place, item in _rows_of(new, held.digest).items()]
            try:
                self._commit(standing, puts, new, ChangeType.CREATE, entry, idempotency)
            except Lost:
                continue
            return Committed(new)
        raise Contended

    def revoke(
        self, tenant: TenantId, key_id: str, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[ApiKey]:
        places = [keys.listed_api_key(tenant, key_id), keys.api_key(key_id)]
        for _ in attempts(self._rows.clock):
            standing = self._rows.standing(tenant, places, idempotency)
            if standing.earlier is not None:
                return self._earlier(standing)
            key = _valid(standing.found, places[0]).revoked(standing.stamp)
            puts = [
                Put(place, item, unchanged(standing.found[place], "version"))
                for place, item in _rows_of(key, standing.found[places[1]]["digest"]).items()
            ]
            try:
                self._commit(standing, puts, key, ChangeType.REVOKE, entry, idempotency)
            except Lost:
                continue
            return Committed(key)
        raise Contended

    def _earlier(self, standing: Standing) -> Committed[ApiKey]:
        place = keys.listed_api_key(standing.tenant, standing.earlier["id"])  # type: ignore[index]
        return Committed(_key(self._rows.read(standing.tenant, [place])[place]), replayed=True)

    def _commit(
        self,
        standing: Standing,
        puts: Sequence[Put],
        key: ApiKey,
        change_type: ChangeType,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> None:
        at, revision = standing.stamp, standing.revision
        told = committed(entry, change_type, at=at, version=key.version, revision=revision, **key.told)
        self._rows.commit(standing, puts, told, idempotency=idempotency, result={"id": key.id})


def _rows_of(key: ApiKey, digest: str) -> dict[Key, Item]:
    listed = {"version": key.version, "record": json.dumps(key.to_record())}
    return {
        keys.api_key(key.id): {**listed, "digest": digest},
        keys.listed_api_key(key.tenant, key.id): listed,
    }


def _key(item: Item) -> ApiKey:
    return ApiKey.from_record(json.loads(item["record"]))


def _valid(found: Mapping[Key, Item], place: Key) -> ApiKey:
    """Raises NotFound for a key that is not there or is revoked."""
    key = _key(found[place]) if place in found else None
    if key is None or key.revoked_at is not None:
        raise NotFound("there is no such API key")
    return key
