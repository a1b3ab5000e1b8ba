from collections.abc import Mapping, Sequence
from typing import Protocol

from llm_config_domain.audit.entries import AuditQuery, Leaf
from llm_config_domain.audit.tree import Node
from llm_config_domain.names import TenantId


class AuditReader(Protocol):
    """A tenant's entries and their tree. What one call saw stays: leaves are never changed. Raises Unavailable.

    Entries that were archived and dropped (`audit_keeper`) are not answered: who asks for such a time, or such leaves,
    is told so (NotFound), and never that there is nothing."""

    def caught_up(self, tenant: TenantId) -> int:
        """How many leaves the tree has, once everything that was acknowledged before the call is one of them. Raises
        Unavailable when that takes longer than a few seconds."""
        ...

    def nodes(self, tenant: TenantId, nodes: Sequence[Node]) -> Mapping[Node, bytes]:
        """The hashes of whole subtrees. Raises Broken when one is not there that must be."""
        ...

    def find(self, tenant: TenantId, query: AuditQuery, before: int, limit: int) -> Sequence[Leaf]:
        """What the query asks for among the leaves before index `before`: the newest first, at most `limit`."""
        ...

    def leaf(self, tenant: TenantId, entry_id: str) -> Leaf:
        """Raises NotFound."""
        ...

    def leaves(self, tenant: TenantId, first: int, last: int) -> Sequence[Leaf]:
        """Leaves `first` up to and not including `last`, in their order."""
        ...

    def span(self, tenant: TenantId, begin: str, end: str, size: int) -> tuple[int, int]:
        """(first, last): the smallest range, up to and not including `last`, among the first `size` leaves that holds
        every entry of a time from `begin` (RFC 3339) and before `end`; an empty one where there is none."""
        ...
