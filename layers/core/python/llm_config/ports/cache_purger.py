from typing import Protocol

from llm_config_domain.caches import Purge
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId
from llm_config_domain.versions import Committed


class CachePurger(Protocol):
    def purge(self, tenant: TenantId, *, entry: JournalEntry, idempotency: Idempotency | None) -> Committed[Purge]:
        """Begin the tenant's next generation of caches: what was kept of an earlier one is believed no more, by any
        container that asks what stands. One transaction with its journal entry, durable when it returns.

        Raises Unauthenticated when the tenant is not active, IdempotencyMismatch, Contended, Unavailable.
        """
        ...
