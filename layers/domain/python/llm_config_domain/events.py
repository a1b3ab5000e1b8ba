"""From a journal entry to its CloudEvent (CloudEvents 1.0): a pure function, so that any reader can make it again.

Consumers dedupe by `id` and apply by compare-and-set on `revision`: a secret's older version may become the one in use
again, so its number alone says not what is newest. No event carries a secret.
"""

from typing import Any

from llm_config_domain.journal import CHANGED, JournalEntry

SOURCE = "llm-config-manager"
ROTATING = frozenset(
    {
        *("secret.rotation_pending", "rotation.started", "rotation.held", "rotation.scheduled"),
        *("rotation.completed", "rotation.failed", "rotation.aborted", "rotation.rolled_back"),
    }
)
"""Of rotations, beside what happens to their secrets: `secret.rotated`, `secret.revoked`."""
ENDING = frozenset({"secret.expires_soon", "secret.expired"})
PUBLISHED_TYPES = frozenset(CHANGED.values()) | ROTATING | ENDING | {"access.denied"}
_NOUNS = {
    "configs": "config",
    "secrets": "secret",
    "tenants": "tenant",
    "api_keys": "api_key",
    "namespaces": "namespace",
    "subscriptions": "subscription",
    "caches": "cache",
}


def cloud_event(entry: JournalEntry) -> dict[str, Any] | None:
    """The event of `entry`, or None for a record that is not published (reads, failures)."""
    if entry.event_type not in PUBLISHED_TYPES:
        return None
    return {
        "specversion": "1.0",
        "id": entry.id,
        "source": SOURCE,
        "type": type_of(entry.event_type),
        "subject": _subject(entry),
        "time": entry.at,
        "datacontenttype": "application/json",
        "data": _data(entry),
    }


def type_of(event_type: str) -> str:
    """The type on the wire of what the journal calls `event_type`."""
    return f"com.llm.{event_type}"


def _subject(entry: JournalEntry) -> str:
    noun = _NOUNS.get(entry.resource.type, entry.resource.type)
    return f"tenant/{entry.tenant}/{noun}/{entry.resource.id}"


def _data(entry: JournalEntry) -> dict[str, Any]:
    namespace, _, key = entry.resource.id.rpartition("/")
    if entry.resource.type == "namespaces":
        namespace, key = entry.resource.id, ""
    told = ("version", "previous_version", "revision", "change_type")
    data = {
        "tenant_id": entry.tenant,
        "namespace": namespace,
        "key": key,
        "environment": entry.resource.environment,
        **{name: entry.metadata.get(name) for name in told},
    }
    if "rotation_id" in entry.metadata:
        told_of_rotation = ("rotation_id", "status", "step", "outcome", "cause")
        data |= {name: entry.metadata.get(name) for name in told_of_rotation} | {"severity": entry.severity}
    if entry.event_type in ENDING:
        data |= {"expires_at": entry.metadata.get("expires_at"), "severity": entry.severity}
    if entry.event_type == "access.denied":
        data |= {"action": entry.action, "actor": entry.actor.id}
    return data
