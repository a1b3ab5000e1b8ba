from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.names import TenantId
from llm_config_domain.subscriptions import HeldSubscription, Subscription


class SubscriptionReader(Protocol):
    """Strong reads, but for `active`. Every method raises Unavailable."""

    def entry(self, tenant: TenantId, subscription_id: str) -> Subscription:
        """The tenant's own. Raises NotFound when it has none of this id or has deleted it, Unauthenticated when the
        tenant is not active."""
        ...

    def listing(self, tenant: TenantId, after: str, limit: int) -> Sequence[Subscription]:
        """The tenant's by id ascending, deleted ones among them, at most `limit` after `after` ("" for the first). Raises
        Unauthenticated when the tenant is not active."""
        ...

    def held(self, tenant: TenantId, subscription_id: str) -> HeldSubscription | None:
        """With its sealed signing secret, for a delivery; None when there is none that is active, or its tenant is not."""
        ...

    def active(self, after: str, limit: int) -> Sequence[tuple[TenantId, str]]:
        """(tenant, id) of those that are active, of every tenant, in an order of their own: at most `limit` after the
        place `after`, which is `<tenant>#<id>`, or a tenant's id, before the first of its own, or empty."""
        ...
