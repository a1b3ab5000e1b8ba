"""The journal entry: one row from which both the audit leaf and the event are made.

The shape is final: what is added later goes into `metadata`. An entry holds no value of a config and nothing of a
secret; a config's value is named by its SHA-256.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from llm_config_domain.callers import Caller
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.versions import ChangeType


@dataclass(frozen=True, slots=True)
class Actor:
    id: str
    type: str
    roles: tuple[str, ...]

    @classmethod
    def of(cls, caller: Caller) -> "Actor":
        return cls(caller.subject, caller.actor_type, tuple(sorted(caller.roles)))


@dataclass(frozen=True, slots=True)
class Result:
    """`status` is success, failure or denied; `latency_ms` is until the entry was made."""

    status: str
    latency_ms: int = 0


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """`id` is a ULID, and the id of the event too; `at` is RFC 3339; `tenant` is whose record it is."""

    id: str
    at: str
    tenant: TenantId
    event_type: str
    severity: str
    actor: Actor
    action: str
    resource: Resource
    result: Result
    request_id: str
    metadata: Mapping[str, Any] = field(default_factory=dict)

    def to_record(self) -> dict[str, Any]:
        """As JSON can hold it. Field by field: `dataclasses.asdict` copies what nobody changes, at six times the cost."""
        parts = {"actor": _fields(self.actor), "resource": _fields(self.resource), "result": _fields(self.result)}
        return {**_fields(self), **parts, "metadata": dict(self.metadata)}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "JournalEntry":
        actor = Actor(**{**record["actor"], "roles": tuple(record["actor"]["roles"])})
        parts = {"actor": actor, "resource": Resource(**record["resource"]), "result": Result(**record["result"])}
        return cls(**{**record, **parts})

    def with_metadata(self, **metadata: Any) -> "JournalEntry":
        return replace(self, metadata={**self.metadata, **metadata})


def _fields(record: JournalEntry | Actor | Resource | Result) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


CHANGED = {
    ("configs", ChangeType.CREATE): "config.created",
    ("configs", ChangeType.UPDATE): "config.updated",
    ("configs", ChangeType.DELETE): "config.deleted",
    ("configs", ChangeType.RESTORE): "config.restored",
    ("configs", ChangeType.ROLLBACK): "config.rolled_back",
    ("secrets", ChangeType.CREATE): "secret.created",
    ("secrets", ChangeType.UPDATE): "secret.rotated",
    ("secrets", ChangeType.ACTIVATE): "secret.rotated",
    ("secrets", ChangeType.REVOKE): "secret.revoked",
    ("secrets", ChangeType.DESTROY): "secret.destroyed",
    ("secrets", ChangeType.DELETE): "secret.deleted",
    ("secrets", ChangeType.RESTORE): "secret.restored",
    ("tenants", ChangeType.CREATE): "tenant.created",
    ("api_keys", ChangeType.CREATE): "api_key.created",
    ("api_keys", ChangeType.REVOKE): "api_key.revoked",
    ("subscriptions", ChangeType.CREATE): "subscription.created",
    ("subscriptions", ChangeType.REVOKE): "subscription.disabled",
    ("subscriptions", ChangeType.DELETE): "subscription.deleted",
    ("caches", ChangeType.UPDATE): "cache.purged",
    ("namespaces", ChangeType.CREATE): "namespace.created",
    ("namespaces", ChangeType.UPDATE): "namespace.updated",
    ("namespaces", ChangeType.DELETE): "namespace.deleted",
}
"""What a committed change is called. A new current value of a secret is `rotated`, whoever brought it."""


def committed(
    entry: JournalEntry, change_type: ChangeType, *, at: str, version: int, revision: int, **metadata: Any
) -> JournalEntry:
    """`entry`, told what its transaction did. Adapters call this inside the transaction that it describes."""
    usual = {"change_type": change_type, "version": version, "previous_version": version - 1 or None}
    told = entry.with_metadata(**{**usual, "revision": revision, **metadata})
    return replace(told, at=at, event_type=CHANGED[entry.resource.type, change_type])


def whole_revisions(entries: Iterable[JournalEntry], limit: int) -> list[JournalEntry]:
    """The first of `entries`, in their order: at most `limit`, or all of the first revision, and none of a revision of
    which the rest would be left out."""
    taken: list[JournalEntry] = []
    for entry in entries:
        revision = entry.metadata["revision"]
        if len(taken) >= limit and revision != taken[0].metadata["revision"]:
            return [kept for kept in taken if kept.metadata["revision"] != revision]
        taken.append(entry)
    return taken
