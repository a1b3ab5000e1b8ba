from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.fleet import FleetReport
from llm_config_domain.names import TenantId


class FleetReader(Protocol):
    """What instances said that they hold, in the last 15 minutes."""

    def reports(self, tenant: TenantId, glob: str, limit: int) -> Sequence[FleetReport]:
        """Those about the namespaces that `glob` means, in the order of their places, at most `limit`.

        Raises Unauthenticated when the tenant is not active, and Unavailable.
        """
        ...
