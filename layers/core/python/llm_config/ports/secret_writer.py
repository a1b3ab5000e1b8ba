from collections.abc import Callable
from typing import Protocol

from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name
from llm_config_domain.rotation.settings import SettingsDraft
from llm_config_domain.secrets.entries import SecretDraft, SecretMetadata
from llm_config_domain.secrets.lifecycle import Move
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed, Preconditions


class SecretWriter(Protocol):
    """Both methods write all their rows, the journal entry and the idempotency row in one transaction, as
    `ConfigWriter.write` promises it."""

    def put(
        self,
        name: Name,
        draft: SecretDraft,
        seal: Callable[[int], Sealed],
        preconditions: Preconditions,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
        rotation: SettingsDraft | None = None,
    ) -> Committed[SecretMetadata]:
        """Write the next version, in use at once or waiting, as the draft says, and where it is said, how the secret
        rotates from now on.

        `seal` is called with the version that is about to be written, once the preconditions hold, and again when
        another writer was faster: what it returns is bound to that version and to no other.
        """
        ...

    def move(
        self, name: Name, move: Move, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[tuple[SecretMetadata, ...]]:
        """Move versions to another stage; the versions that `move` is about are returned, or the one that a listing
        shows. Sealed bytes of a destroyed version are gone from the store when it returns. A move that finds nothing
        left to do writes nothing."""
        ...
