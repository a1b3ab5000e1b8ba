"""Tenants, and the service's health."""

from llm_config_client.calls.options import given
from llm_config_client.core import Call, Route, call
from llm_config_contract.health import EmptyRequest, Health
from llm_config_contract.tenants import CreateTenantRequest, GetTenantRequest, TenantView

CREATE_TENANT = Route("POST", "/api/v1/tenants", CreateTenantRequest, TenantView)
GET_TENANT = Route("GET", "/api/v1/tenants/{id}", GetTenantRequest, TenantView)
CHECK_LIVE = Route("GET", "/health/live", EmptyRequest, Health)
CHECK_READY = Route("GET", "/health/ready", EmptyRequest, Health)


def create_tenant(name: str, *, tier: str | None = None, idempotency_key: str | None = None) -> Call[TenantView]:
    """Create a tenant (platform administrators)."""
    return call(CREATE_TENANT, given(locals()))


def get_tenant(id_or_name: str) -> Call[TenantView]:
    """Read a tenant."""
    return call(GET_TENANT, {"id": id_or_name})


def live() -> Call[Health]:
    """Ask whether the service runs."""
    return call(CHECK_LIVE, {})


def ready() -> Call[Health]:
    """Ask whether the service can serve requests."""
    return call(CHECK_READY, {})
