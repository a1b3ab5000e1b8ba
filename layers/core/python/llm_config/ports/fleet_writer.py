from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.fleet import FleetReport
from llm_config_domain.names import TenantId


class FleetWriter(Protocol):
    """What instances say that they hold. It is no state of a tenant's and no change of it: it is kept for a quarter of an
    hour and has no record in the journal."""

    def report(self, tenant: TenantId, reports: Sequence[FleetReport]) -> None:
        """Keep `reports`, at most 50 and of different places, each instead of what stood at its place; all or none. Each
        is forgotten 15 minutes after it was `reported_at`.

        Raises Unauthenticated when the tenant is not active, Contended, Unavailable.
        """
        ...
