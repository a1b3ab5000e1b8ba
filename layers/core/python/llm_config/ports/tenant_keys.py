from typing import Protocol

from llm_config_domain.names import TenantId
from llm_config_domain.tenants import Tier


class TenantKeys(Protocol):
    """The tenants' encryption keys. What is said of a tenant's key is refused with NotFound where the tenant has none of
    its own: none was made, or those of its tier share one, which one tenant's end must not touch.
    """

    def create(self, tenant: TenantId, tier: Tier) -> str:
        """Make the tenant's encryption key, durable when it returns; its id is returned. Again: the same id, no new key.

        A home may let the tenants of a tier share one key; then its id is returned and nothing is made.
        Raises Unavailable.
        """
        ...

    def disable(self, tenant: TenantId) -> None:
        """From now on nothing is sealed or opened under the key; a data key that was opened before may serve five minutes
        longer. Nothing is lost. Again: no change. Raises NotFound, Conflict (its deletion is scheduled), Unavailable.
        """
        ...

    def enable(self, tenant: TenantId) -> None:
        """Undo `disable`. Again: no change. Raises NotFound, Conflict (its deletion is scheduled), Unavailable."""
        ...

    def schedule_deletion(self, tenant: TenantId, days: int) -> str:
        """Disable the key, and let it go for ever, with all that was sealed under it, in `days` (7 to 30) days.

        When that is, is returned (RFC 3339). Again: the same time. Raises NotFound, Unavailable.
        """
        ...

    def cancel_deletion(self, tenant: TenantId) -> None:
        """Keep the key, disabled. Of a key that is to stay: no change. Raises NotFound, Unavailable."""
        ...
