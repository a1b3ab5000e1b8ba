from collections.abc import Callable
from typing import Protocol

from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import Name
from llm_config_domain.rotation.beginnings import Beginning
from llm_config_domain.rotation.entries import Rotation
from llm_config_domain.rotation.settings import RotationSettings, SettingsDraft
from llm_config_domain.rotation.transitions import Advanced, Transition
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import Committed

Seal = Callable[[int], Sealed]


class RotationWriter(Protocol):
    """Every method writes all its rows, those of the secret, the journal entry and the idempotency row in one
    transaction, as `ConfigWriter.write` promises it."""

    def begin(
        self, beginning: Beginning, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[Rotation]:
        """Begin a rotation. Of two at once of one secret one begins.

        Raises what `Beginning.check` raises; Conflict when the schedule that was due has moved on.
        """
        ...

    def advance(
        self,
        rotation: Rotation,
        transition: Transition,
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
        seal: Seal | None = None,
    ) -> Advanced:
        """Move a rotation, as it was read, and with it its secret. What has moved meanwhile is read again; a transition
        that finds nothing left to do writes nothing.

        A transition that adds a version needs `seal`: it is called with the version that is about to be written, and
        again when another writer was faster. Raises NotFound, and what the transition raises.
        """
        ...

    def put_settings(
        self, name: Name, draft: SettingsDraft, *, entry: JournalEntry, idempotency: Idempotency | None
    ) -> Committed[RotationSettings]:
        """Say how a secret rotates: the secret tells its readers when it does next. Raises NotFound when there is no
        such secret (deleted, its schedule still goes on), Conflict, Malformed, ValueRefused."""
        ...
