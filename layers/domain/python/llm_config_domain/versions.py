"""How a name moves from one version to the next: gap-free, and only from the state that the writer expected."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from llm_config_domain.errors import Conflict, PreconditionFailed

T = TypeVar("T")


class ChangeType(StrEnum):
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Head:
    """Where a name stands: its newest version, and whether that version deleted it."""

    version: int
    deleted: bool = False


ABSENT = Head(0, deleted=True)


@dataclass(frozen=True, slots=True)
class Preconditions:
    """`if_match` and `if_none_match` are header texts as RFC 9110 sections 13.1.1 and 13.1.2 define them."""

    if_match: str | None = None
    if_none_match: str | None = None
    must_be_new: bool = False

    def check(self, head: Head) -> None:
        """Raises PreconditionFailed or Conflict when the write must not happen on top of `head`."""
        if self.must_be_new and not head.deleted:
            raise Conflict("an entry of this name exists")
        if self.if_match is not None and (head.deleted or not matches(self.if_match, etag(head.version))):
            raise PreconditionFailed("If-Match does not name the current version: read it, then try again")
        if (
            self.if_none_match is not None
            and not head.deleted
            and matches(self.if_none_match, etag(head.version), weak=True)
        ):
            raise PreconditionFailed("If-None-Match names the current version")


def etag(version: int) -> str:
    return f'"{version}"'


def matches(header: str, tag: str, *, weak: bool = False) -> bool:
    """Is `tag` one of the header's entity tags? `W/` tags only match in the weak comparison (RFC 9110 8.8.3.2)."""
    for candidate in (part.strip() for part in header.split(",")):
        if candidate == "*" or candidate == tag or (weak and candidate == f"W/{tag}"):
            return True
    return False


def change_on(head: Head) -> ChangeType:
    return ChangeType.CREATE if head.deleted else ChangeType.UPDATE


@dataclass(frozen=True, slots=True)
class Committed(Generic[T]):
    """What a writer did: the version that stands now, and whether this call wrote it or an earlier one with its key."""

    version: T
    replayed: bool = False
