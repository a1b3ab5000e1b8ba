from collections.abc import Callable
from typing import Protocol

from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.secrets.entries import SecretMetadata, SecretVersion
from llm_config_domain.secrets.transfers import Transfer
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed


class SecretTransfers(Protocol):
    def transfer(
        self,
        transfer: Transfer,
        reseal: Callable[[SecretVersion, int], Sealed],
        *,
        entry: JournalEntry,
        leaving: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[SecretMetadata]:
        """Copy or move: the target's new version, and for a move the source's deletion, in one transaction, as
        `ConfigWriter.write` promises it. The target's new version is returned.

        `reseal` is called with the version that goes and the number that it gets at the target, once all preconditions
        hold, and again when another writer was faster. `entry` becomes the target's record, `leaving` the source's; a
        copy leaves it unwritten.
        Raises what `Transfer.check` raises, IdempotencyMismatch, Contended, Unavailable, Unauthenticated.
        """
        ...
