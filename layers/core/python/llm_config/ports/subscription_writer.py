from typing import Protocol

from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId
from llm_config_domain.subscriptions import HeldSubscription, Subscription
from llm_config_domain.versions import Committed


class SubscriptionWriter(Protocol):
    """Every method writes the subscription, the next revision of the tenant's control line, the journal entry and the
    idempotency row in one transaction, durable when it returns.

    A repeated idempotency key answers with the subscription as it is known now and writes nothing. A lost race is
    repeated, at most 5 s. All raise IdempotencyMismatch, Contended, Unauthenticated (tenant not active) and Unavailable.
    """

    def create(
        self, held: HeldSubscription, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Subscription]:
        """Keep a new subscription. `created_at` becomes the time of the transaction."""
        ...

    def delete(
        self, tenant: TenantId, subscription_id: str, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Subscription]:
        """Nothing is told any more. Raises NotFound when the tenant has none of this id or has deleted it."""
        ...

    def disable(self, tenant: TenantId, subscription_id: str, *, entry: JournalEntry) -> Committed[Subscription]:
        """The same, but it stays to be seen. Raises NotFound when the tenant has none of this id that is active."""
        ...
