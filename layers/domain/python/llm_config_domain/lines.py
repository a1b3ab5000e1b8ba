"""The lines of the journal, in which changes stand one behind the other, and how far somebody has followed one.

A line is of a namespace's configs, of its secrets, or of what is the tenant's own. Revisions begin at 1 and have no gap;
an atomic batch has several rows in one revision, told apart by their ordinals. Each row says how many rows of its
revision come behind it, so whoever has one knows which is next, and one that never came can be missed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from llm_config_domain.names import TenantId

MAX_ASIDE = 100
"""Of one line and follower: where more fails, the mark stands still."""


class LineKind(StrEnum):
    CONFIGS = "N"
    SECRETS = "S"
    CONTROL = "C"


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """`namespace` is empty in the line of what is the tenant's own."""

    tenant: TenantId
    kind: LineKind
    namespace: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    revision: int
    ordinal: int = 0


FIRST = Place(1)


@dataclass(frozen=True, slots=True)
class LineRow:
    """A row as it lies there: `entry` is JSON text, `rest` how many rows of its revision come behind it."""

    place: Place
    rest: int
    entry: str

    @property
    def next(self) -> Place:
        if self.rest:
            return Place(self.place.revision, self.place.ordinal + 1)
        return Place(self.place.revision + 1)


@dataclass(frozen=True, slots=True)
class Done:
    """Rows of one line that a follower is done with, and the places of those of them that it could not take."""

    rows: Sequence[LineRow]
    failed: frozenset[Place] = frozenset()


@dataclass(frozen=True, slots=True)
class Mark:
    """Every row before `next` was taken, but for those put `aside`. It never moves back."""

    next: Place = FIRST
    aside: tuple[Place, ...] = ()

    def after(self, done: Done) -> "Mark":
        """What failed is put aside, and what was taken later is put aside no more. A row that comes before its turn
        moves nothing: what is missing before it is still to come."""
        taken = [row for row in done.rows if row.place not in done.failed]
        still = frozenset(self.aside) - {row.place for row in taken}
        if len(still | done.failed) > MAX_ASIDE:
            return self._past(taken, still)
        return self._past(done.rows, still | done.failed)

    def _past(self, rows: Iterable[LineRow], aside: Iterable[Place]) -> "Mark":
        behind = {row.place: row.next for row in rows}
        reached = self.next
        while reached in behind:
            reached = behind[reached]
        return Mark(reached, tuple(sorted(place for place in aside if place < reached)))

    def to_record(self) -> dict[str, Any]:
        return {"next": _pair(self.next), "aside": [_pair(place) for place in self.aside]}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Mark":
        return cls(Place(*record["next"]), tuple(Place(*pair) for pair in record["aside"]))


def _pair(place: Place) -> list[int]:
    return [place.revision, place.ordinal]
