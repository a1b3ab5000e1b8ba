from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.name_index import Indexed
from llm_config_domain.names import TenantId


class NameProjector(Protocol):
    """Keeps `name_index` behind the store. Both methods may be called again at any time, late, and by several at once:
    what the index knows never goes back. Raises Unavailable."""

    def project(self, tenant: TenantId, changed: Sequence[Indexed]) -> None:
        """When this returns, the index tells each of these as it stood in the store when this was called, or newer. Of what
        is not in the store it tells nothing. At most a hundred; the tenant need not be active."""
        ...

    def reached(self, tenant: TenantId, at: str) -> None:
        """Everything that was committed before `at` (RFC 3339) was projected."""
        ...
