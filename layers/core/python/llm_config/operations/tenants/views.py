"""A tenant as the wire shows it."""

from llm_config_contract.tenants import TenantView
from llm_config_domain.tenants import Tenant


def view(tenant: Tenant) -> TenantView:
    return TenantView(
        id=tenant.id,
        name=tenant.name,
        tier=tenant.tier.value,
        status=tenant.status.value,
        created_at=tenant.created_at,
        created_by=tenant.created_by,
    )
