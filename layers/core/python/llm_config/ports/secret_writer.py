from collections.abc import Callable
from typing import Protocol

from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name
from llm_config_domain.secrets.entries import SecretDraft, SecretVersion
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed, Preconditions


class SecretWriter(Protocol):
    def put(
        self,
        name: Name,
        draft: SecretDraft,
        seal: Callable[[int], Sealed],
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[SecretVersion]:
        """Write the next version as the current one; the rest as `ConfigWriter.put` promises it.

        `seal` is called with the version that is about to be written, once the preconditions hold, and again when
        another writer was faster: what it returns is bound to that version and to no other.
        """
        ...
