from typing import Protocol

from llm_config_domain.configs.entries import ConfigDraft, ConfigVersion
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name
from llm_config_domain.versions import Committed, Preconditions


class ConfigWriter(Protocol):
    def put(
        self,
        name: Name,
        draft: ConfigDraft,
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[ConfigVersion]:
        """Write the next version, its journal entry and its idempotency row in one transaction, durable when it returns.

        `entry` is completed with what the transaction did. A repeated idempotency key answers as it did the first
        time and writes nothing. A lost race is repeated on the new state, at most 5 s.
        Raises PreconditionFailed, Conflict, IdempotencyMismatch, Contended, Unavailable, Unauthenticated (tenant not
        active); then nothing was written. Unavailable alone may also mean that the outcome is not known.
        """
        ...
