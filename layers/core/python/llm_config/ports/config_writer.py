from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from llm_config_domain.configs.changes import Change
from llm_config_domain.configs.entries import ConfigVersion
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name
from llm_config_domain.versions import Committed


@dataclass(frozen=True, slots=True)
class Step:
    """One name's change and its journal entry: no change is written without its record."""

    name: Name
    change: Change
    entry: JournalEntry


class ConfigWriter(Protocol):
    def write(
        self, steps: Sequence[Step], *, idempotency: Idempotency | None, dry_run: bool = False
    ) -> Committed[tuple[ConfigVersion, ...]]:
        """Write the next version of each name, with the journal entries and the idempotency row, in one transaction:
        all or none, durable when it returns, in the order of `steps`.

        The steps are of one tenant, at most 30, of different names in at most 8 namespaces; those of one namespace
        share a revision and a time. Entries are completed with what the transaction did. A repeated idempotency key
        answers as it did the first time and writes nothing. A lost race is repeated on the new state, at most 5 s.
        `dry_run` does everything but write.
        Raises what a change raises, IdempotencyMismatch, Contended, Unavailable, Unauthenticated (tenant not active);
        then nothing was written. Unavailable alone may also mean that the outcome is not known.
        """
        ...
