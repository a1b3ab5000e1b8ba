"""The caller's own tenant, for what needs more of it than its id."""

from llm_config.ports.tenant_reader import TenantReader
from llm_config_domain.callers import Caller
from llm_config_domain.errors import NotFound, Unauthenticated
from llm_config_domain.tenants import Tenant, require_active


def own_tenant(caller: Caller, tenant_reader: TenantReader) -> Tenant:
    """Raises Unauthenticated when the tenant is not there or not active: then the credential is worth nothing."""
    try:
        return require_active(tenant_reader.by_id(caller.tenant))
    except NotFound:
        raise Unauthenticated("the credential's tenant is not active") from None
