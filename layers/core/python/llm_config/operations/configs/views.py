"""A config's version as the wire shows it."""

from llm_config_contract.configs import ConfigEntry
from llm_config_domain.configs.entries import ConfigVersion


def view(entry: ConfigVersion) -> ConfigEntry:
    return ConfigEntry(
        id=entry.id,
        namespace=entry.name.namespace,
        key=entry.name.key,
        environment=entry.name.environment,
        version=entry.version,
        revision=entry.revision,
        value=entry.json(),
        etag=entry.etag,
        change_type=entry.change_type.value,
        classification=entry.classification,
        tags=dict(entry.tags),
        created_at=entry.created_at,
        created_by=entry.created_by,
        updated_at=entry.updated_at,
        updated_by=entry.updated_by,
        reason=entry.reason,
    )
