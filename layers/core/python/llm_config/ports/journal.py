from collections.abc import Sequence
from typing import Protocol

from llm_config_domain.journal import JournalEntry


class Journal(Protocol):
    def append(self, entries: Sequence[JournalEntry]) -> None:
        """Record accesses: all of them durable when it returns, or Unavailable. Entries are put once, never changed.

        Entries of changes are not appended here: they ride in the transaction of their writer.
        """
        ...
