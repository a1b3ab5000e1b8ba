from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.name_index import IndexedMetadata, NameQuery, Place
from llm_config_domain.names import TenantId


class NameIndex(Protocol):
    """A tenant's configs and secrets, to be looked for by their names. On AWS a copy that follows the store, at some
    distance; it never mixes tenants, and holds no value. Raises Unavailable."""

    def search(self, tenant: TenantId, query: NameQuery, after: Place | None, limit: int) -> Sequence[IndexedMetadata]:
        """What `query` means, in the order of (namespace, key, environment, kind), at most `limit` after `after`. What is
        deleted does not show."""
        ...

    def as_of(self, tenant: TenantId) -> str | None:
        """A time (RFC 3339): whatever was committed before it, a search that is asked from now on knows of, to clock
        skew. It may know of more. None while nobody can say yet: the copy is being made for the first time."""
        ...
