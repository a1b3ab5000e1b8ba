"""Namespaces in DynamoDB: what is said about them lies in `control`, that they are there in the lines of both tables."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.control import ControlRows, Standing
from llm_config.adapters.dynamodb.items import Item, Put, unchanged
from llm_config.adapters.dynamodb.keys import LISTED_TABLES, Key
from llm_config.adapters.dynamodb.store import Lost
from llm_config_domain.errors import Contended
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import TenantId
from llm_config_domain.namespaces import Namespace, NamespaceDraft, NamespaceMetadata
from llm_config_domain.versions import ChangeType, Committed, Preconditions

_HEADS_PAGE = 100
Move = Callable[[Namespace, str], NamespaceMetadata]


class DynamoNamespaces:
    """Implements `namespace_reader` and `namespace_writer`."""

    def __init__(self, rows: ControlRows) -> None:
        self._rows = rows

    def entry(self, tenant: TenantId, namespace: str) -> Namespace:
        return _namespace(tenant, namespace, self._rows.read(tenant, _places(tenant, namespace))).required()

    def listing(self, tenant: TenantId, after: str, limit: int) -> Sequence[Namespace]:
        """Each source gives its first names after `after`; the first of all of them are among those."""
        self._rows.read(tenant, [])
        said = self._rows.store.query("control", keys.namespaces_after(tenant, after), page=limit)
        spoken_of = {item["sk"].partition("#")[2]: item for item in islice(filter(_is_said, said), limit)}
        configs, secrets = (self._lines(tenant, table, after, limit) for table in LISTED_TABLES)
        names = sorted({*spoken_of, *configs, *secrets})[:limit]
        return [
            Namespace(name, _metadata(spoken_of.get(name)), configs.get(name, 0), secrets.get(name, 0))
            for name in names
        ]

    def put(
        self,
        tenant: TenantId,
        namespace: str,
        draft: NamespaceDraft,
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Namespace]:
        def move(now: Namespace, at: str) -> NamespaceMetadata:
            return now.described(draft, preconditions, at)

        return self._move(tenant, namespace, move, entry, idempotency)

    def delete(
        self,
        tenant: TenantId,
        namespace: str,
        draft: NamespaceDraft,
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Namespace]:
        def move(now: Namespace, at: str) -> NamespaceMetadata:
            holds = now.said is not None and self._holds(tenant, namespace)
            return now.undescribed(draft, preconditions, at, holds=holds)

        return self._move(tenant, namespace, move, entry, idempotency)

    def _move(
        self, tenant: TenantId, namespace: str, move: Move, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Namespace]:
        for _ in attempts(self._rows.clock):
            standing = self._rows.standing(tenant, _places(tenant, namespace), idempotency)
            if standing.earlier is not None:
                return Committed(Namespace.from_record(standing.earlier), replayed=True)
            now = _namespace(tenant, namespace, standing.found)
            metadata = move(now, standing.stamp)
            new = replace(now, metadata=metadata)
            put = _put(standing, namespace, metadata)
            told = committed(entry, at=standing.stamp, revision=standing.revision, **metadata.told)
            try:
                self._rows.commit(standing, [put], told, idempotency=idempotency, result=new.to_record())
            except Lost:
                continue
            return Committed(new)
        raise Contended

    def _lines(self, tenant: TenantId, table: keys.VersionedTable, after: str, limit: int) -> dict[str, int]:
        listed = self._rows.store.listing(table, keys.listed_lines(tenant, "", after), page=limit)
        return {item["listed"]: item["revision"] for item in islice(listed, limit)}

    def _holds(self, tenant: TenantId, namespace: str) -> bool:
        heads = keys.heads_after(tenant, namespace)
        return any(
            not _is_deleted(item)
            for table in LISTED_TABLES
            for item in self._rows.store.query(table, heads, page=_HEADS_PAGE)
        )


def _places(tenant: TenantId, namespace: str) -> list[Key]:
    lines = [keys.revision(table, tenant, namespace) for table in LISTED_TABLES]
    return [keys.namespace(tenant, namespace), *lines]


def _namespace(tenant: TenantId, namespace: str, found: Mapping[Key, Item]) -> Namespace:
    said, *lines = _places(tenant, namespace)
    configs, secrets = (found[line]["revision"] if line in found else 0 for line in lines)
    return Namespace(namespace, _metadata(found.get(said)), configs, secrets)


def _metadata(item: Item | None) -> NamespaceMetadata | None:
    return NamespaceMetadata.from_record(json.loads(item["record"])) if item else None


def _is_said(item: Item) -> bool:
    return not item["deleted"]


def _is_deleted(head: Item) -> bool:
    """A secret's head says so itself; a config's is the version that deleted it."""
    if "deleted" in head:
        return bool(head["deleted"])
    return bool(json.loads(head["record"])["change_type"] == ChangeType.DELETE)


def _put(standing: Standing, namespace: str, metadata: NamespaceMetadata) -> Put:
    place = keys.namespace(standing.tenant, namespace)
    row = {
        "version": metadata.version,
        "deleted": int(metadata.head.deleted),
        "record": json.dumps(metadata.to_record()),
    }
    return Put(place, row, unchanged(standing.found.get(place), "version"))
