"""What the wire says of an API key."""

from typing import Any

from llm_config_contract.access import ApiKeyView
from llm_config_domain.api_keys import ApiKey


def key_fields(key: ApiKey) -> dict[str, Any]:
    """The fields of `ApiKeyView`."""
    return {
        "id": key.id,
        "name": key.name,
        "roles": list(key.roles),
        "namespaces": None if key.namespaces is None else list(key.namespaces),
        "cidr": list(key.cidr) or None,
        "expires_at": key.expires_at,
        "created_at": key.created_at,
        "created_by": key.created_by,
    }


def key_view(key: ApiKey) -> ApiKeyView:
    return ApiKeyView(**key_fields(key))
