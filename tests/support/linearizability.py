"""Is a history of one key what a single, instantaneous register with versions could have answered?

The search is Wing and Gong's ("Testing and verifying concurrent objects", 1993) with Lowe's memory of configurations:
of all operations that may come next (those that began before any unplaced one had ended) one is placed, its answer
compared with the register's, and so on; a dead end goes one step back. An operation whose outcome nobody knows may
have had its effect at any time after it began, or never.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

NEVER = float("inf")


class Kind(StrEnum):
    PUT = "put"
    READ = "read"


class Outcome(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    """A precondition was false: nothing was written."""
    ABSENT = "absent"
    UNKNOWN = "unknown"
    """No answer came: it may have happened, and may still happen."""


@dataclass(frozen=True)
class Event:
    """One operation of one client, from its call to its return. `expected` is If-Match; `create` is If-None-Match: *.

    `version` is what a write or a read answered; `value` is what was to be written, or what was read.
    """

    client: int
    key: str
    kind: Kind
    called: float
    returned: float
    outcome: Outcome
    value: str | None = None
    version: int | None = None
    expected: int | None = None
    create: bool = False

    @property
    def until(self) -> float:
        return NEVER if self.outcome is Outcome.UNKNOWN else self.returned


class Register(NamedTuple):
    """What the key holds: version 0 is nothing yet."""

    version: int = 0
    value: str | None = None


def after(state: Register, event: Event) -> Register | None:
    """The register when `event` happens at this moment, or None when its answer cannot have been given now."""
    if event.kind is Kind.READ:
        absent = event.outcome is Outcome.ABSENT
        told = Register() if absent else Register(event.version or -1, event.value)
        return state if told == state else None
    holds = (event.expected in (None, state.version)) and not (event.create and state.version)
    if event.outcome is Outcome.REFUSED:
        return None if holds else state
    if not holds or event.version not in (None, state.version + 1):
        return None
    return Register(state.version + 1, event.value)


def violations(history: Iterable[Event]) -> list[str]:
    """The keys whose history no order explains, each with a sentence about it."""
    keys = defaultdict(list)
    for event in history:
        keys[event.key].append(event)
    return [f"{key}: {told}" for key, events in sorted(keys.items()) for told in _explained(events)]


def _explained(events: list[Event]) -> Iterator[str]:
    known = [event for event in events if not (event.kind is Kind.READ and event.outcome is Outcome.UNKNOWN)]
    if not linearizable(known):
        yield f"no order explains its {len(known)} operations"


def linearizable(events: list[Event]) -> bool:
    """Depth first, without recursion: (register, placed) is never looked at twice."""
    events = sorted(events, key=lambda event: event.called)
    needed = sum(1 << at for at, event in enumerate(events) if event.outcome is not Outcome.UNKNOWN)
    seen: set[tuple[int, Register]] = set()
    stack = [(0, Register())]
    while stack:
        placed, state = stack.pop()
        if placed & needed == needed:
            return True
        for at in _next(events, placed):
            following = after(state, events[at])
            configuration = (placed | 1 << at, following)
            if following is not None and configuration not in seen:
                seen.add((configuration[0], following))
                stack.append((configuration[0], following))
    return False


def _next(events: list[Event], placed: int) -> Iterator[int]:
    """Those that may come next: called before the first return among the unplaced."""
    horizon, at = NEVER, (~placed & (placed + 1)).bit_length() - 1
    while at < len(events) and events[at].called <= horizon:
        if not placed >> at & 1:
            horizon = min(horizon, events[at].until)
            yield at
        at += 1


def lost_updates(history: Iterable[Event]) -> list[str]:
    """Acknowledged compare-and-sets that cannot all have counted: two on one version, or an answer that skips one."""
    told = []
    winners: dict[tuple[str, int], Event] = {}
    for event in history:
        if event.kind is Kind.PUT and event.outcome is Outcome.DONE and event.expected is not None:
            first = winners.setdefault((event.key, event.expected), event)
            if first is not event:
                told.append(f"{event.key}: two compare-and-sets succeeded on version {event.expected}")
            if event.version != event.expected + 1:
                told.append(f"{event.key}: version {event.version} was written on version {event.expected}")
    return told
