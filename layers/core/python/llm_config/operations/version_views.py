"""What the wire says of a version, of whatever kind."""

from typing import Any

from llm_config_domain.versions import Version


def version_fields(entry: Version) -> dict[str, Any]:
    """The fields of `VersionView`."""
    return {
        "id": entry.id,
        "namespace": entry.name.namespace,
        "key": entry.name.key,
        "environment": entry.name.environment,
        "version": entry.version,
        "revision": entry.revision,
        "etag": entry.etag,
        "change_type": entry.change_type.value,
        "classification": entry.classification,
        "tags": dict(entry.tags),
        "created_at": entry.created_at,
        "created_by": entry.created_by,
        "updated_at": entry.updated_at,
        "updated_by": entry.updated_by,
        "reason": entry.reason,
    }
