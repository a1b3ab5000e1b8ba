from typing import Protocol

from llm_config_domain.names import TenantId
from llm_config_domain.subscriptions import DeliveryState


class DeliveryStates(Protocol):
    """How the deliveries of each subscription go. Every method raises Unavailable."""

    def of(self, tenant: TenantId, subscription_id: str) -> DeliveryState:
        """As it was kept last; of one that nothing was sent to yet, an empty one."""
        ...

    def keep(self, tenant: TenantId, subscription_id: str, state: DeliveryState) -> None:
        """Two who keep at once each keep their own: the last stands."""
        ...
