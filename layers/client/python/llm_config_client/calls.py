"""What can be asked of the service, each as a `Call`; both clients offer these as their methods."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from llm_config_client.core import Call, Route, call
from llm_config_contract.access import Whoami, WhoamiRequest
from llm_config_contract.configs import (
    BatchConfigsRequest,
    BatchResults,
    ConfigEntry,
    ConfigPage,
    GetConfigRequest,
    ListConfigsRequest,
    PutConfigRequest,
    ResolveConfigRequest,
    ResolvedConfig,
)
from llm_config_contract.health import EmptyRequest, Health
from llm_config_contract.secrets import GetSecretRequest, GetSecretResponse, PutSecretRequest, SecretMetadata
from llm_config_contract.tenants import CreateTenantRequest, GetTenantRequest, TenantView

PUT_CONFIG = Route("PUT", "/api/v1/configs/{path}", PutConfigRequest, ConfigEntry)
GET_CONFIG = Route("GET", "/api/v1/configs/{path}", GetConfigRequest, ConfigEntry)
LIST_CONFIGS = Route("GET", "/api/v1/configs", ListConfigsRequest, ConfigPage)
BATCH_CONFIGS = Route("POST", "/api/v1/config-batches", BatchConfigsRequest, BatchResults)
RESOLVE_CONFIG = Route("GET", "/api/v1/resolved/{path}", ResolveConfigRequest, ResolvedConfig)
PUT_SECRET = Route("PUT", "/api/v1/secrets/{path}", PutSecretRequest, SecretMetadata)
GET_SECRET = Route("GET", "/api/v1/secrets/{path}", GetSecretRequest, GetSecretResponse)
CREATE_TENANT = Route("POST", "/api/v1/tenants", CreateTenantRequest, TenantView)
GET_TENANT = Route("GET", "/api/v1/tenants/{id}", GetTenantRequest, TenantView)
WHOAMI = Route("GET", "/api/v1/whoami", WhoamiRequest, Whoami)
CHECK_LIVE = Route("GET", "/health/live", EmptyRequest, Health)
CHECK_READY = Route("GET", "/health/ready", EmptyRequest, Health)


def put_config(
    path: str,
    value: Any,
    *,
    environment: str,
    reason: str | None = None,
    classification: str | None = None,
    tags: Mapping[str, str] | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[ConfigEntry]:
    """Store `value` as the next version of a config. `if_none_match="*"`: only when there is none yet."""
    options = _given(
        path=path,
        environment=environment,
        reason=reason,
        classification=classification,
        tags=_copied(tags),
        if_match=if_match,
        if_none_match=if_none_match,
        idempotency_key=idempotency_key,
    )
    return call(PUT_CONFIG, {**options, "value": value})


def get_config(
    path: str, *, environment: str, version: int | None = None, if_none_match: str | None = None
) -> Call[ConfigEntry]:
    """Read exactly this environment's entry. Raises NotModified while its etag is `if_none_match`."""
    return call(GET_CONFIG, _given(path=path, environment=environment, version=version), _unless(if_none_match))


def list_configs(
    *,
    namespace: str | None = None,
    environment: str | None = None,
    tag: str | None = None,
    q: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Call[ConfigPage]:
    """One page of configs without their values; `every` of a client goes through all pages.

    `namespace`: one, everything under one (`team/*`), or all.
    """
    options = _given(namespace=namespace, environment=environment, tag=tag, q=q, limit=limit, cursor=cursor)
    return call(LIST_CONFIGS, options)


def batch_configs(
    operations: Sequence[Mapping[str, Any]],
    *,
    atomic: bool = True,
    dry_run: bool = False,
    reason: str | None = None,
    idempotency_key: str | None = None,
) -> Call[BatchResults]:
    """Change several configs together, by default all of them or none. `dry_run`: only say what would come of it.

    An operation is `{operation: put | create | patch | delete, path, environment, value, ...}`; at most 30 operations
    on 8 namespaces, 4 MB.
    """
    options = _given(reason=reason, idempotency_key=idempotency_key, dry_run=dry_run or None)
    return call(BATCH_CONFIGS, {**options, "operations": [dict(one) for one in operations], "atomic": atomic})


def resolve(
    path: str,
    *,
    environment: str,
    explain: bool = False,
    secrets: Literal["reveal"] | None = None,
    if_none_match: str | None = None,
) -> Call[ResolvedConfig]:
    """Read a config along the environment chain. `secrets="reveal"` puts secrets in the place of references."""
    options = _given(path=path, environment=environment, explain=explain or None, secrets=secrets)
    return call(RESOLVE_CONFIG, options, _unless(if_none_match))


def put_secret(
    path: str,
    value: Any,
    *,
    environment: str,
    type: str = "generic",  # noqa: A002 (the wire's word)
    reason: str | None = None,
    classification: str | None = None,
    tags: Mapping[str, str] | None = None,
    if_match: str | None = None,
    if_none_match: str | None = None,
    idempotency_key: str | None = None,
) -> Call[SecretMetadata]:
    """Store `value` as the next and current version of a secret. The answer does not hold the value."""
    options = _given(
        path=path,
        environment=environment,
        type=type,
        reason=reason,
        classification=classification,
        tags=_copied(tags),
        if_match=if_match,
        if_none_match=if_none_match,
        idempotency_key=idempotency_key,
    )
    return call(PUT_SECRET, {**options, "value": value})


def get_secret(
    path: str, *, environment: str, version: int | None = None, if_none_match: str | None = None
) -> Call[GetSecretResponse]:
    """Read a secret. The answer's `value` is the secret; it does not print itself."""
    return call(GET_SECRET, _given(path=path, environment=environment, version=version), _unless(if_none_match))


def create_tenant(name: str, *, tier: str | None = None, idempotency_key: str | None = None) -> Call[TenantView]:
    """Create a tenant (platform administrators)."""
    return call(CREATE_TENANT, _given(name=name, tier=tier, idempotency_key=idempotency_key))


def get_tenant(id_or_name: str) -> Call[TenantView]:
    """Read a tenant."""
    return call(GET_TENANT, {"id": id_or_name})


def whoami() -> Call[Whoami]:
    """Say who the service takes this client for."""
    return call(WHOAMI, {})


def live() -> Call[Health]:
    """Ask whether the service runs."""
    return call(CHECK_LIVE, {})


def ready() -> Call[Health]:
    """Ask whether the service can serve requests."""
    return call(CHECK_READY, {})


def _given(**options: Any) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _copied(tags: Mapping[str, str] | None) -> dict[str, str] | None:
    return None if tags is None else dict(tags)


def _unless(etag: str | None) -> dict[str, str]:
    return {} if etag is None else {"if-none-match": etag}
