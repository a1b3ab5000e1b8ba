from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.names import TenantId
from llm_config_domain.watchers import Watcher


class Watchers(Protocol):
    """Who watches over a connection of the gateway's. No state of a tenant's and no change of it: it has no record in the
    journal, and is forgotten two hours after it was opened. Every method raises Unavailable."""

    def open(self, watcher: Watcher) -> None:
        """Keep a new one. Raises RateLimited where its tenant has 2,000; of those who come at the same moment a few more
        may be let in."""
        ...

    def at(self, connection: str) -> Watcher | None:
        """The one of this connection, unless it was closed or forgotten."""
        ...

    def of(self, tenant: TenantId) -> Sequence[Watcher]:
        """All of a tenant's, as they stand now, the first opened first."""
        ...

    def tenants(self) -> Sequence[TenantId]:
        """Whoever may have one, in order; some may have none any more."""
        ...

    def keep(self, watcher: Watcher) -> Watcher:
        """Keep it in the place of the one that it was read as, and tell it as it is read from now on.

        Raises Contended where somebody kept or closed it meanwhile.
        """
        ...

    def close(self, connection: str) -> None:
        """Forget it, whatever became of it meanwhile; nothing where there is none."""
        ...
