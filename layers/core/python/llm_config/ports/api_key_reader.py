from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.api_keys import ApiKey, HeldKey
from llm_config_domain.names import TenantId


class ApiKeyReader(Protocol):
    """Strong reads, never answered from a cache. Every method raises Unavailable."""

    def held(self, key_id: str) -> HeldKey | None:
        """The key of this id, whosever it is, also when it is revoked; None when there never was one. One read.

        For authentication alone, which has no tenant yet: whether the tenant is active is not looked at.
        """
        ...

    def entry(self, tenant: TenantId, key_id: str) -> ApiKey:
        """The tenant's own key. Raises NotFound when it has none of this id or has revoked it, Unauthenticated when the
        tenant is not active."""
        ...

    def listing(self, tenant: TenantId, after: str, limit: int) -> Sequence[ApiKey]:
        """The tenant's keys by id ascending, revoked ones among them, at most `limit` after `after` ("" for the first).
        Raises Unauthenticated when the tenant is not active."""
        ...
