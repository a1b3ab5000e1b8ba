"""How a name moves from one version to the next: gap-free, and only from the state that the writer expected."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from llm_config_domain import times
from llm_config_domain.errors import Conflict, PreconditionFailed
from llm_config_domain.names import Name

T = TypeVar("T")
V = TypeVar("V", bound="Version")
MAX_REVISION_DIGITS = 15


class ChangeType(StrEnum):
    """The last three are of secrets: they move a version to another stage and write no new one. REVOKE is of API keys and
    subscriptions too."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"
    RESTORE = "restore"
    ROLLBACK = "rollback"
    ACTIVATE = "activate"
    REVOKE = "revoke"
    DESTROY = "destroy"


class Classification(StrEnum):
    PUBLIC = "public"
    INTERNAL = "internal"
    CONFIDENTIAL = "confidential"
    RESTRICTED = "restricted"


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
            raise PreconditionFailed(
                "If-Match does not name the current version, or there is none: read it, then try again"
            )
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a writer brings beside the value itself. `new_id` is used when the name is new; a `change_type` that is
    left out says create or update, as the name stands."""

    author: str
    new_id: str
    reason: str | None = None
    change_type: ChangeType | None = None
    classification: str = Classification.INTERNAL
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What every version has, of whatever kind: it never changes. Times are RFC 3339.

    `revision` is the revision of its namespace that it was written at.
    """

    name: Name
    id: str
    version: int
    revision: int
    change_type: ChangeType
    classification: str
    tags: Mapping[str, str]
    reason: str | None
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str

    @property
    def head(self) -> Head:
        return Head(self.version, deleted=self.change_type is ChangeType.DELETE)

    @property
    def etag(self) -> str:
        return etag(self.version)


def head_of(current: Version | None) -> Head:
    return current.head if current else ABSENT


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in the life of a namespace: a time (RFC 3339 in UTC, milliseconds), or a revision of its line."""

    at: str | None = None
    revision: int | None = None

    @classmethod
    def read(cls, text: str) -> "Moment":
        """What a client wrote: a revision in digits, or a time. Raises Malformed."""
        if text.isascii() and text.isdecimal() and len(text) <= MAX_REVISION_DIGITS:
            return cls(revision=int(text))
        return cls(at=times.normal(text))

    def covers(self, version: Version) -> bool:
        """Was `version` written by then?"""
        if self.revision is not None:
            return version.revision <= self.revision
        return self.at is None or version.updated_at <= self.at


def revision_at(at: str, newest: int, stamp: Callable[[int], str]) -> int:
    """The last revision of a line that was committed by `at`, 0 when none was; `stamp` reads when a revision was.

    Revisions have no gaps and their stamps grow, so bisection finds it: twenty reads of a million.
    """
    low, high = 0, newest
    while low < high:
        middle = (low + high + 1) // 2
        if stamp(middle) <= at:
            low = middle
        else:
            high = middle - 1
    return low


def version_at(moment: Moment, newest: V, read: Callable[[int], V]) -> V | None:
    """The version of a name that stood at `moment`, or None when there was none yet; `read` fetches one by number.

    Versions have no gaps, and their stamps and revisions grow with their numbers, so no index is needed: a step back
    that doubles, then bisection. The newest costs no read, the one before it one, any of a thousand at most twenty.
    """
    if moment.covers(newest):
        return newest
    late, step = newest.version, 1
    found = None
    while late > 1 and found is None:
        probe = read(max(1, late - step))
        if moment.covers(probe):
            found = probe
        else:
            late, step = probe.version, step * 2
    while found is not None and late - found.version > 1:
        probe = read((late + found.version) // 2)
        if moment.covers(probe):
            found = probe
        else:
            late = probe.version
    return found


def succession(name: Name, current: Version | None, draft: Draft, *, revision: int, at: str) -> dict[str, Any]:
    """The fields of the version that `draft` becomes on top of `current`. A name keeps its id and first author for life."""
    head = head_of(current)
    return {
        "name": name,
        "id": current.id if current else draft.new_id,
        "version": head.version + 1,
        "revision": revision,
        "change_type": draft.change_type or (ChangeType.CREATE if head.deleted else ChangeType.UPDATE),
        "classification": draft.classification,
        "tags": dict(draft.tags),
        "reason": draft.reason,
        "created_at": current.created_at if current else at,
        "created_by": current.created_by if current else draft.author,
        "updated_at": at,
        "updated_by": draft.author,
    }


@dataclass(frozen=True, slots=True)
class Committed(Generic[T]):
    """What a writer did: the version that stands now, and whether this call wrote it or an earlier one with its key."""

    version: T
    replayed: bool = False
