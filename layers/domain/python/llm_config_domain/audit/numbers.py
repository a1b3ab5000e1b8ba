"""Which accesses of a container have come. A container numbers them from 1 without a gap, so one that was lost on its way is
a number that does not come.

A gap is found at the moment at which a later number comes first, for no other number is one behind it before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from llm_config_domain import times
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import PLATFORM
from llm_config_domain.policy import Resource

LARGEST = 2**53 - 1
"""Of the numbers that every reader of JSON reads alike."""
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Of ULIDs: Crockford's Base32."""
_RANDOM_BYTES = 10


@dataclass(frozen=True, slots=True)
class Gap:
    """The numbers of `container` from `first` to `last`, none of which has come. Moments are RFC 3339: `after` and `before`
    are those of the accesses on both sides (`after` is None where the container's very first is missing), `since` is when
    a later number came first."""

    container: str
    first: int
    last: int
    after: str | None
    before: str
    since: str

    @property
    def lost(self) -> int:
        """How many accesses are missing."""
        return self.last - self.first + 1

    @property
    def id(self) -> str:
        """A ULID, the same for the same numbers of the same container."""
        told = sha256(f"{self.container} {self.first} {self.last}".encode()).digest()
        milliseconds = max(0, round(times.parse(self.before).timestamp() * 1000))
        number = milliseconds << 8 * _RANDOM_BYTES | int.from_bytes(told[:_RANDOM_BYTES], "big")
        return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(26)))


@dataclass(frozen=True, slots=True)
class Heard:
    """The highest number of a container that has come, the moment of its access, and the gaps below it, in order."""

    container: str
    last: int = 0
    last_at: str | None = None
    gaps: tuple[Gap, ...] = ()

    def with_numbers(self, came: Mapping[int, str], at: str) -> "Heard":
        """`came` is {number: the moment of its access}, all of which came at `at`. What came before does nothing."""
        heard = self
        for number, moment in sorted(came.items()):
            heard = heard._with_later(number, moment, at) if number > heard.last else heard._with_late(number, moment)
        return heard

    def _with_later(self, number: int, moment: str, at: str) -> "Heard":
        missing = Gap(self.container, self.last + 1, number - 1, self.last_at, moment, at)
        gaps = (*self.gaps, missing) if missing.first <= missing.last else self.gaps
        return replace(self, last=number, last_at=moment, gaps=gaps)

    def _with_late(self, number: int, moment: str) -> "Heard":
        return replace(self, gaps=tuple(part for gap in self.gaps for part in _without(gap, number, moment)))


def _without(gap: Gap, number: int, moment: str) -> Iterator[Gap]:
    """What is left of a gap."""
    if not gap.first <= number <= gap.last:
        yield gap
        return
    if gap.first < number:
        yield replace(gap, last=number - 1, before=moment)
    if number < gap.last:
        yield replace(gap, first=number + 1, after=moment)


def gap_entry(gap: Gap, at: str) -> JournalEntry:
    """The record of what is missing, in the platform's tree: whose it was, nobody knows, nor who did what."""
    numbers = {"container": gap.container, "first": gap.first, "last": gap.last}
    return JournalEntry(
        id=gap.id,
        at=at,
        tenant=PLATFORM,
        event_type="audit.gap",
        severity="error",
        actor=Actor("system:access-log", "system", ()),
        action="audit:record",
        resource=Resource("audit", "accesses"),
        result=Result("failure"),
        request_id="",
        metadata={"lost": gap.lost, **numbers, "after": gap.after, "before": gap.before},
    )
