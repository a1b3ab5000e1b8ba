from collections.abc import Iterable, Sequence
from typing import Protocol

from llm_config_domain.lines import Line, LineRow, Place
from llm_config_domain.names import TenantId


class JournalLines(Protocol):
    """The changes in the journal as they lie there, line by line, of every tenant whether it is active or not. Accesses
    are in no line. Every method raises Unavailable."""

    def tenants(self, after: str, limit: int) -> Sequence[TenantId]:
        """The tenants in the order of their ids, at most `limit` after `after`."""
        ...

    def lines(self, tenant: TenantId) -> Iterable[tuple[Line, int]]:
        """Each line of a tenant with its newest revision, at least 1. On AWS a change of a moment ago may not show yet."""
        ...

    def rows(self, line: Line, first: Place, limit: int) -> Sequence[LineRow]:
        """The rows of a line in their order, at most `limit` from `first` on."""
        ...
