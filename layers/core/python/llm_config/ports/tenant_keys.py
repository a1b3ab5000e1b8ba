from typing import Protocol

from llm_config_domain.names import TenantId


class TenantKeys(Protocol):
    def create(self, tenant: TenantId) -> str:
        """Make the tenant's encryption key, durable when it returns; its id is returned. Again: the same id, no new key.

        Raises Unavailable.
        """
        ...
