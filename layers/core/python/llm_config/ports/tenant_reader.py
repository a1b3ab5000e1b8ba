from typing import Protocol

from llm_config_domain.names import TenantId
from llm_config_domain.tenants import Tenant


class TenantReader(Protocol):
    """Strong reads. Both raise NotFound for a tenant that is not there, and Unavailable."""

    def by_id(self, tenant: TenantId) -> Tenant: ...

    def by_name(self, name: str) -> Tenant: ...
