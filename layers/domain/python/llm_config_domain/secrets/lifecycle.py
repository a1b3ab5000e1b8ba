"""How a secret's versions move between stages without anybody reading them: each move is pure and says what changes.

A writer reads the rows of `targets`, asks `after`, and writes what it answers; None says that nothing is left to do,
so that a move may be asked for twice.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from llm_config_domain.errors import Conflict, NotFound, ValueRefused, Violation
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.secrets.entries import Mark, SecretHead
from llm_config_domain.versions import ChangeType, Preconditions

Marks = Mapping[int, Mark]
"""Version -> what its row says, of those that are there."""


@dataclass(frozen=True, slots=True)
class After:
    """What a move leaves: the head, and the marks that are new."""

    head: SecretHead
    marks: Marks = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(ABC):
    change_type: ClassVar[ChangeType]
    reason: str | None = None
    preconditions: Preconditions = field(default_factory=Preconditions)

    @property
    def targets(self) -> tuple[int, ...]:
        """The versions that it is about."""
        return ()

    def after(self, head: SecretHead | None, marks: Marks) -> After | None:
        """Raises NotFound, PreconditionFailed, Conflict, ValueRefused; then nothing moves."""
        if head is None:
            raise NotFound("there never was such a secret in this environment")
        self.preconditions.check(head.head)
        for version in self.targets:
            if version not in marks:
                raise NotFound("there is no such version of this secret")
        return self._after(head, marks)

    def told(self, entry: JournalEntry, before: SecretHead, *, at: str, revision: int) -> JournalEntry:
        """`entry` as the record of this move."""
        return committed(
            entry,
            self.change_type,
            at=at,
            version=self.targets[0] if self.targets else before.shown,
            previous_version=before.current,
            revision=revision,
            reason=self.reason,
            versions=list(self.targets),
        )

    @abstractmethod
    def _after(self, head: SecretHead, marks: Marks) -> After | None:
        """`after`, once the secret and the targets are known to be there and the preconditions hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activation(Move):
    """A version that waits, or one that was in use before, is in use from now on."""

    change_type = ChangeType.ACTIVATE
    version: int

    @property
    def targets(self) -> tuple[int, ...]:
        return (self.version,)

    def _after(self, head: SecretHead, marks: Marks) -> After | None:
        _require_standing(head)
        if not marks[self.version].readable:
            raise _refused("revoked", "a version that was revoked or destroyed cannot be in use again")
        if head.current == self.version:
            return None
        waited = {self.version: Mark.LIVE} if marks[self.version] is Mark.PENDING else {}
        return After(replace(head, current=self.version, shown=self.version), waited)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation(Move):
    """A version may not be read any more. When it was in use, none is."""

    change_type = ChangeType.REVOKE
    version: int

    @property
    def targets(self) -> tuple[int, ...]:
        return (self.version,)

    def _after(self, head: SecretHead, marks: Marks) -> After | None:
        if not marks[self.version].readable:
            return None
        left = replace(head, current=None) if head.current == self.version else head
        return After(left, {self.version: Mark.REVOKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Destruction(Move):
    """The sealed bytes of these versions are erased, for good. Their metadata and numbers stay."""

    change_type = ChangeType.DESTROY
    versions: tuple[int, ...]

    @property
    def targets(self) -> tuple[int, ...]:
        return self.versions

    def _after(self, head: SecretHead, marks: Marks) -> After | None:
        if head.current in self.versions and not head.deleted:
            raise _refused("in_use", "the version in use cannot be destroyed: activate another or revoke it first")
        gone = {version: Mark.DESTROYED for version in self.versions if marks[version] is not Mark.DESTROYED}
        left = replace(head, current=None) if head.current in gone else head
        return After(left, gone) if gone else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion(Move):
    """The secret is not there for its readers; its versions stay until they are destroyed."""

    change_type = ChangeType.DELETE

    def _after(self, head: SecretHead, marks: Marks) -> After | None:
        _require_standing(head)
        return After(replace(head, deleted=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration(Move):
    """What a deletion took away is there again, as it stood."""

    change_type = ChangeType.RESTORE

    def _after(self, head: SecretHead, marks: Marks) -> After | None:
        if not head.deleted:
            raise Conflict("this secret is not deleted: there is nothing to restore")
        return After(replace(head, deleted=False))


def _require_standing(head: SecretHead) -> None:
    if head.deleted:
        raise NotFound("there is no such secret in this environment")


def _refused(rule: str, message: str) -> ValueRefused:
    return ValueRefused("this version cannot be moved so", violations=[Violation("/version", rule, message)])
