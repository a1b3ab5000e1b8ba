from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.names import TenantId
from llm_config_domain.namespaces import Namespace


class NamespaceReader(Protocol):
    """Both methods raise Unauthenticated when the tenant is not active, and Unavailable."""

    def entry(self, tenant: TenantId, namespace: str) -> Namespace:
        """A strong read. Raises NotFound when nothing was ever written in it and nothing is said about it."""
        ...

    def listing(self, tenant: TenantId, after: str, limit: int) -> Sequence[Namespace]:
        """The namespaces that there are, each once, by name ascending, at most `limit` after `after` ("" for the first).
        On AWS a first write may show a moment later."""
        ...
