from typing import Protocol

from llm_config_domain.api_keys import ApiKey, HeldKey
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId
from llm_config_domain.versions import Committed


class ApiKeyWriter(Protocol):
    """Both methods write the key, the next revision of the tenant's control line, the journal entry and the idempotency
    row in one transaction, durable when it returns.

    A repeated idempotency key answers with the key as it is known now and writes nothing. A lost race is repeated, at
    most 5 s. Both raise IdempotencyMismatch, Contended, Unauthenticated (tenant not active) and Unavailable.
    """

    def create(self, held: HeldKey, *, entry: JournalEntry, idempotency: Idempotency | None) -> Committed[ApiKey]:
        """Keep a new key. `created_at` becomes the time of the transaction. What proves it is stored as its digest, and
        is in no record."""
        ...

    def revoke(
        self, tenant: TenantId, key_id: str, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[ApiKey]:
        """The tenant's key is good for nothing from now on; what is known of it is kept. Raises NotFound when the
        tenant has none of this id or has revoked it."""
        ...
