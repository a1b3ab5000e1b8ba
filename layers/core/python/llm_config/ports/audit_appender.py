from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.journal import JournalEntry


class AuditAppender(Protocol):
    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Each entry is a leaf of its tenant's tree when this returns: the next one, in the order given, unless it was
        one already, which its id says. A tenant's new leaves and its head are written together, so writers at once never
        fork a tree, and what comes twice does nothing. Raises Unavailable."""
        ...
