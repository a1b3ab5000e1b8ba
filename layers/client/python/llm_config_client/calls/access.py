"""Who the service takes this client for, and the credentials that it gives others."""

from collections.abc import Sequence

from llm_config_client.calls.options import given
from llm_config_client.core import Call, Route, call
from llm_config_contract.access import (
    ApiKeyPage,
    ApiKeyView,
    CreateApiKeyRequest,
    CreatedApiKey,
    CreateServiceTokenRequest,
    DeleteApiKeyRequest,
    GetApiKeyRequest,
    ListApiKeysRequest,
    ServiceToken,
    Whoami,
    WhoamiRequest,
)
from llm_config_contract.wire import NoContent

WHOAMI = Route("GET", "/api/v1/whoami", WhoamiRequest, Whoami)
CREATE_API_KEY = Route("POST", "/api/v1/api-keys", CreateApiKeyRequest, CreatedApiKey)
GET_API_KEY = Route("GET", "/api/v1/api-keys/{id}", GetApiKeyRequest, ApiKeyView)
LIST_API_KEYS = Route("GET", "/api/v1/api-keys", ListApiKeysRequest, ApiKeyPage)
DELETE_API_KEY = Route("DELETE", "/api/v1/api-keys/{id}", DeleteApiKeyRequest, NoContent)
CREATE_SERVICE_TOKEN = Route("POST", "/api/v1/service-tokens", CreateServiceTokenRequest, ServiceToken)


def whoami() -> Call[Whoami]:
    """Say who the service takes this client for."""
    return call(WHOAMI, {})


def create_api_key(
    name: str,
    roles: Sequence[str],
    *,
    expires_at: str | None = None,
    cidr: Sequence[str] | None = None,
    namespaces: Sequence[str] | None = None,
    idempotency_key: str | None = None,
) -> Call[CreatedApiKey]:
    """Create an API key. Its answer's `key` is shown this once; it does not print itself.

    `cidr`: the networks that it is good from. `namespaces`: what a service account may read.
    """
    lists = given({"roles": list(roles), "cidr": _listed(cidr), "namespaces": _listed(namespaces)})
    options = given({"name": name, "expires_at": expires_at, "idempotency_key": idempotency_key})
    return call(CREATE_API_KEY, {**options, **lists})


def get_api_key(id: str) -> Call[ApiKeyView]:  # noqa: A002 (the wire's word)
    """Read what is known of an API key; never its secret."""
    return call(GET_API_KEY, {"id": id})


def list_api_keys(*, limit: int | None = None, cursor: str | None = None) -> Call[ApiKeyPage]:
    """One page of API keys without their secrets; `every` of a client goes through all pages."""
    return call(LIST_API_KEYS, given(locals()))


def delete_api_key(id: str, *, idempotency_key: str | None = None) -> Call[NoContent]:  # noqa: A002 (the wire's word)
    """End an API key, at once and for good."""
    return call(DELETE_API_KEY, given(locals()))


def create_service_token(
    subject: str, roles: Sequence[str], *, namespaces: Sequence[str] | None = None, ttl: int | None = None
) -> Call[ServiceToken]:
    """Give a service a token that ends after `ttl` seconds. It does not print itself."""
    lists = given({"roles": list(roles), "namespaces": _listed(namespaces)})
    return call(CREATE_SERVICE_TOKEN, given({"subject": subject, "ttl": ttl, **lists}))


def _listed(texts: Sequence[str] | None) -> list[str] | None:
    return None if texts is None else list(texts)
