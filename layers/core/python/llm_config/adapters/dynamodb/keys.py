"""The key of every row. No part of a name can hold `#`, so two names never share a key or the beginning of one."""

import hashlib
import zlib
from dataclasses import dataclass
from typing import Literal

from llm_config_domain.fleet import Place
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name, TenantId, glob_prefix

Table = Literal["configs", "secrets", "control", "counters", "journal"]
VersionedTable = Literal["configs", "secrets"]
TABLES: tuple[Table, ...] = ("configs", "secrets", "control", "counters", "journal")
ACCESS_SHARDS = 4
"""A tenant's accesses of one hour are spread over so many partitions."""
MAX_VERSION = 10**10 - 1
LISTING = "listing"
"""The index of the tables with versions: partition `listing`, sort key `listed`, of heads and of lines, no values."""
LISTED_TABLES: tuple[VersionedTable, ...] = ("configs", "secrets")
LISTED_ATTRIBUTES = (
    *("version", "record", "mark", "newest", "current", "deleted", "next_rotation_at"),
    *("revision", "committed_at"),
)
DUE = "due"
"""The sparse index of `secrets`: partition `due`, sort key `due_at`, of what waits for its time."""
DUE_ATTRIBUTES = ("due_record",)
DUE_SHARDS = 4
_FIRST, LAST = "#", "~"
"""Before and after every character of a name."""


@dataclass(frozen=True, slots=True)
class Range:
    """Rows of one partition, from one sort key to another, both included."""

    pk: str
    low: str
    high: str


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


def heads_of(tenant_id: TenantId, namespace: str, key: str) -> Range:
    """The heads of one key, of every environment."""
    return Range(_namespace(tenant_id, namespace), heads_prefix(key), heads_prefix(key) + LAST)


def heads_after(tenant_id: TenantId, namespace: str, key: str = "", environment: str = "") -> Range:
    """The heads of a namespace that come after one place in it: without an environment, after the whole key."""
    after = heads_prefix(key) + (environment + "#" if environment else LAST) if key else "C#"
    return Range(_namespace(tenant_id, namespace), after, "C$")


def version(table: VersionedTable, name: Name, number: int) -> Key:
    return Key(table, _namespace(name.tenant, name.namespace), _versions(name) + f"{number:010}")


def versions_before(name: Name, number: int | None) -> Range:
    """The version rows of a name whose numbers are below `number`."""
    last = MAX_VERSION if number is None else min(number - 1, MAX_VERSION)
    prefix = _versions(name)
    return Range(_namespace(name.tenant, name.namespace), f"{prefix}{0:010}", f"{prefix}{max(last, 0):010}")


def revision(table: VersionedTable, tenant: TenantId, namespace: str) -> Key:
    return Key(table, _namespace(tenant, namespace), "REVISION")


def listed_head(name: Name) -> dict[str, str]:
    """Where a head stands in the index."""
    return {"listing": f"T#{name.tenant}", "listed": f"{name.namespace}#{name.key}#{name.environment}"}


def listed_line(tenant_id: TenantId, namespace: str) -> dict[str, str]:
    """Where a namespace's line stands in the index."""
    return {"listing": f"T#{tenant_id}#NAMESPACES", "listed": namespace}


def listed_heads(tenant_id: TenantId, prefix: str, after: tuple[str, str, str] | None) -> Range:
    """The index's heads of the namespaces that begin with `prefix`, those after a (namespace, key, environment)."""
    low = "#".join(after) + "#" if after else prefix
    return Range(f"T#{tenant_id}", max(low, prefix, _FIRST), prefix + LAST)


def listed_lines(tenant_id: TenantId, prefix: str, after: str) -> Range:
    """The index's lines of the namespaces that begin with `prefix`, those after a namespace."""
    return Range(f"T#{tenant_id}#NAMESPACES", max(after + "#", prefix), prefix + LAST)


def tenant(tenant_id: TenantId) -> Key:
    return Key("control", f"T#{tenant_id}#C", "TENANT")


def control_revision(tenant_id: TenantId) -> Key:
    return Key("control", f"T#{tenant_id}#C", "REVISION")


def api_key(key_id: str) -> Key:
    """A key's row, found before anybody knows whose it is."""
    return Key("control", f"APIKEY#{key_id}", "APIKEY")


def listed_api_key(tenant_id: TenantId, key_id: str) -> Key:
    """The same among its tenant's rows."""
    return Key("control", f"T#{tenant_id}#C", f"APIKEY#{key_id}")


def listed_api_keys_after(tenant_id: TenantId, key_id: str) -> Range:
    return Range(f"T#{tenant_id}#C", f"APIKEY#{key_id}{LAST if key_id else ''}", f"APIKEY#{LAST}")


def namespace(tenant_id: TenantId, name: str) -> Key:
    """What is said about a namespace."""
    return Key("control", f"T#{tenant_id}#C", f"NAMESPACE#{name}")


def namespaces_after(tenant_id: TenantId, name: str) -> Range:
    return Range(f"T#{tenant_id}#C", f"NAMESPACE#{name}{_FIRST if name else ''}", f"NAMESPACE#{LAST}")


def listed_tenant(tenant_id: TenantId) -> Key:
    """A tenant among all of them."""
    return Key("control", "TENANTS", tenant_id)


def listed_tenants_after(tenant_id: str) -> Range:
    return Range("TENANTS", f"{tenant_id}{_FIRST}", LAST)


def tenant_name(name: str) -> Key:
    return Key("control", f"NAME#{name}", "NAME")


def tenant_attempt(name: str) -> Key:
    """Who tries to become the tenant of this name, or tried last."""
    return Key("control", f"NAME#{name}", "ATTEMPT")


def config_change(tenant_id: TenantId, namespace: str, revision: int, ordinal: int = 0) -> Key:
    return Key("journal", _namespace(tenant_id, namespace), change_place(revision, ordinal))


def config_changes_after(tenant_id: TenantId, namespace: str, revision: int) -> Range:
    return Range(_namespace(tenant_id, namespace), change_place(revision + 1), LAST)


def config_changes(tenant_id: TenantId, namespace: str) -> Range:
    return Range(_namespace(tenant_id, namespace), change_place(0), LAST)


def secret_changes(tenant_id: TenantId, namespace: str) -> Range:
    return Range(f"T#{tenant_id}#S#{namespace}", change_place(0), LAST)


def control_changes(tenant_id: TenantId) -> Range:
    return Range(f"T#{tenant_id}#C", change_place(0), LAST)


def accesses(tenant_id: TenantId, hour: str) -> list[Range]:
    """Those of one hour (`2026-11-21T18`), a range a shard."""
    return [Range(f"T#{tenant_id}#A#{hour}#{shard}", "0", LAST) for shard in range(ACCESS_SHARDS)]


def secret_change(tenant_id: TenantId, namespace: str, revision: int, ordinal: int = 0) -> Key:
    return Key("journal", f"T#{tenant_id}#S#{namespace}", change_place(revision, ordinal))


def control_change(tenant_id: TenantId, revision: int) -> Key:
    return Key("journal", f"T#{tenant_id}#C", change_place(revision))


def access(entry: JournalEntry) -> Key:
    hour, shard = entry.at[:13], zlib.crc32(entry.id.encode()) % ACCESS_SHARDS
    return Key("journal", f"T#{entry.tenant}#A#{hour}#{shard}", entry.id)


def idempotency(promise: Idempotency) -> Key:
    """The caller's own key is hashed: it may hold any character, and need not be stored."""
    digest = hashlib.sha256(promise.key.encode()).hexdigest()
    return Key("counters", f"T#{promise.tenant}#I#{promise.operation}", digest)


def rotation(tenant_id: TenantId, rotation_id: str) -> Key:
    return Key("secrets", f"T#{tenant_id}#R", rotation_id)


def rotations_before(tenant_id: TenantId, rotation_id: str | None) -> Range:
    """Ids grow with time; what is before one ends with the last text below it."""
    return Range(f"T#{tenant_id}#R", "0", f"{rotation_id}" if rotation_id else LAST)


def running_rotation(name: Name) -> Key:
    """Which rotation of this secret has not ended."""
    return Key("secrets", _namespace(name.tenant, name.namespace), f"R#{name.key}#E#{name.environment}")


def rotation_settings(name: Name) -> Key:
    return Key("secrets", _namespace(name.tenant, name.namespace), f"S#{name.key}#E#{name.environment}")


def due_at(at: str, its_id: str) -> dict[str, str]:
    """Where what waits for `at` stands in the index: its hour, spread over some partitions."""
    shard = zlib.crc32(its_id.encode()) % DUE_SHARDS
    return {"due": f"DUE#{at[:13]}#{shard}", "due_at": f"{at}#{its_id}"}


def due_until(hour: str, shard: int, until: str) -> Range:
    """What of one hour (`2026-01-31T12`) and shard is due at `until`."""
    return Range(f"DUE#{hour}#{shard}", "0", f"{until}#{LAST}")


def expiry(name: Name, number: int) -> Key:
    """When the end of a version is told of."""
    place = f"X#{name.key}#E#{name.environment}#{number:010}"
    return Key("secrets", _namespace(name.tenant, name.namespace), place)


def ending_at(at: str, its_id: str) -> dict[str, str]:
    """Where a version whose end comes stands in the index `due`: its day, spread over some partitions."""
    shard = zlib.crc32(its_id.encode()) % DUE_SHARDS
    return {"due": f"END#{at[:10]}#{shard}", "due_at": f"{at}#{its_id}"}


def ending_until(day: str, shard: int, until: str) -> Range:
    """What of one day (`2026-01-31`) and shard is to be looked at until `until`."""
    return Range(f"END#{day}#{shard}", "0", f"{until}#{LAST}")


def usage(name: Name, version_id: str, service: str) -> Key:
    return Key("counters", _usages(name), f"{version_id}#{service}")


def usages_of(name: Name, version_id: str) -> Range:
    return Range(_usages(name), f"{version_id}#", f"{version_id}#{LAST}")


def _usages(name: Name) -> str:
    return f"T#{name.tenant}#U#{name.namespace}#{name.key}#{name.environment}"


def fleet_report(tenant_id: TenantId, place: Place) -> Key:
    """What one instance holds of one namespace in one environment."""
    return Key("counters", f"T#{tenant_id}#F", "#".join(place))


def fleet_reports(tenant_id: TenantId, glob: str) -> Range:
    """Those about the namespaces that `glob` means."""
    prefix = glob_prefix(glob)
    low = f"{glob}#" if prefix is None else max(prefix, _FIRST)
    return Range(f"T#{tenant_id}#F", low, (low if prefix is None else prefix) + LAST)


def _namespace(tenant_id: TenantId, namespace: str) -> str:
    return f"T#{tenant_id}#N#{namespace}"


def _versions(name: Name) -> str:
    return f"V#{name.key}#E#{name.environment}#"


def change_place(revision: int, ordinal: int = 0) -> str:
    """A revision of an atomic batch has several entries, told apart by their ordinal (two digits: text order)."""
    return f"{revision:010}#{ordinal:02}"
