"""The key of every row. No part of a name can hold `#`, so two names never share a key or the beginning of one."""

import hashlib
import zlib
from dataclasses import dataclass
from typing import Literal

from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId

Table = Literal["configs", "secrets", "control", "counters", "journal"]
VersionedTable = Literal["configs", "secrets"]
TABLES: tuple[Table, ...] = ("configs", "secrets", "control", "counters", "journal")
ACCESS_SHARDS = 4
"""A tenant's accesses of one hour are spread over so many partitions."""
MAX_VERSION = 10**10 - 1


@dataclass(frozen=True, slots=True)
class Key:
    """`table` is without the deployment's prefix."""

    table: Table
    pk: str
    sk: str


def head(table: VersionedTable, name: Name) -> Key:
    return Key(table, _namespace(name.tenant, name.namespace), heads_prefix(name.key) + name.environment)


def heads_prefix(key: str) -> str:
    """What the sort keys of one key's heads begin with, and of no other key's."""
    return f"C#{key}#E#"


def version(table: VersionedTable, name: Name, number: int) -> Key:
    sk = f"V#{name.key}#E#{name.environment}#{number:010}"
    return Key(table, _namespace(name.tenant, name.namespace), sk)


def revision(table: VersionedTable, tenant: TenantId, namespace: str) -> Key:
    return Key(table, _namespace(tenant, namespace), "REVISION")


def tenant(tenant_id: TenantId) -> Key:
    return Key("control", f"T#{tenant_id}#C", "TENANT")


def control_revision(tenant_id: TenantId) -> Key:
    return Key("control", f"T#{tenant_id}#C", "REVISION")


def tenant_name(name: str) -> Key:
    return Key("control", f"NAME#{name}", "NAME")


def config_change(tenant_id: TenantId, namespace: str, revision: int) -> Key:
    return Key("journal", _namespace(tenant_id, namespace), _place(revision))


def secret_change(tenant_id: TenantId, namespace: str, revision: int) -> Key:
    return Key("journal", f"T#{tenant_id}#S#{namespace}", _place(revision))


def control_change(tenant_id: TenantId, revision: int) -> Key:
    return Key("journal", f"T#{tenant_id}#C", _place(revision))


def access(entry: JournalEntry) -> Key:
    hour, shard = entry.at[:13], zlib.crc32(entry.id.encode()) % ACCESS_SHARDS
    return Key("journal", f"T#{entry.tenant}#A#{hour}#{shard}", entry.id)


def idempotency(promise: Idempotency) -> Key:
    """The caller's own key is hashed: it may hold any character, and need not be stored."""
    digest = hashlib.sha256(promise.key.encode()).hexdigest()
    return Key("counters", f"T#{promise.tenant}#I#{promise.operation}", digest)


def _namespace(tenant_id: TenantId, namespace: str) -> str:
    return f"T#{tenant_id}#N#{namespace}"


def _place(revision: int, ordinal: int = 0) -> str:
    """A revision of an atomic batch has several entries, told apart by their ordinal."""
    return f"{revision:010}#{ordinal}"
