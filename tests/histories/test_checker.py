"""The checker first: it takes what a register can answer, and catches five planted bugs."""

import random
import threading
from collections.abc import Callable

import pytest

from tests.support.linearizability import Event, Kind, Outcome, linearizable, lost_updates, violations


def put(called: float, returned: float, value: str, version: int | None = None, **more: object) -> Event:
    outcome = Outcome.DONE if version else Outcome.UNKNOWN
    told: dict[str, object] = {"outcome": outcome, "value": value, "version": version, **more}
    return Event(1, "k", Kind.PUT, called, returned, **told)  # type: ignore[arg-type]


def read(called: float, returned: float, version: int, value: str) -> Event:
    return Event(2, "k", Kind.READ, called, returned, Outcome.DONE, value, version)


ABSENT = Event(2, "k", Kind.READ, 0, 1, Outcome.ABSENT)
GOOD = [
    pytest.param([ABSENT, put(2, 3, "a", 1), read(4, 5, 1, "a")], id="one after the other"),
    pytest.param([put(0, 10, "a", 1), ABSENT], id="a read beside the write, before its effect"),
    pytest.param([put(0, 10, "a", 1), read(1, 2, 1, "a")], id="a read beside the write, after its effect"),
    pytest.param([put(0, 10, "a", 2), put(0, 10, "b", 1), read(11, 12, 2, "a")], id="two writes at once"),
    pytest.param([put(0, 1, "a"), read(5, 6, 1, "a")], id="an unknown write that happened"),
    pytest.param([put(0, 1, "a"), put(2, 3, "b", 1), read(5, 6, 1, "b")], id="an unknown write that never happened"),
    pytest.param([put(0, 1, "b"), put(2, 3, "a", 1), read(5, 6, 2, "b")], id="an unknown write that happened late"),
    pytest.param(
        [put(0, 1, "a", 1), put(2, 3, "b", expected=7, outcome=Outcome.REFUSED), read(4, 5, 1, "a")], id="a refusal"
    ),
    pytest.param([put(0, 1, "a", 1), put(2, 3, "b", create=True, outcome=Outcome.REFUSED)], id="it was there already"),
]
BUGS = [
    pytest.param([put(0, 1, "a", 1), put(2, 3, "b", 2), read(4, 5, 1, "a")], id="stale cached read"),
    pytest.param(
        [put(0, 1, "a", 1), put(2, 9, "b", 2, expected=1), put(2, 9, "c", 2, expected=1), read(10, 11, 2, "c")],
        id="blind overwrite",
    ),
    pytest.param([put(0, 5, "a", 1), put(6, 7, "b", 3), read(8, 9, 3, "b")], id="retry applied twice"),
    pytest.param([put(0, 1, "a", 1), put(2, 3, "b", 2), read(4, 5, 2, "a")], id="torn transaction"),
    pytest.param(
        [put(0, 1, "a", 1), put(2, 20, "b", 2), read(3, 5, 2, "b"), read(6, 8, 1, "a")], id="read from the past"
    ),
    pytest.param([put(0, 1, "a", 1, expected=7)], id="a compare-and-set that never held"),
    pytest.param([put(0, 1, "a", outcome=Outcome.REFUSED, create=True)], id="a refusal without a reason"),
    pytest.param([put(0, 1, "a", 1), ABSENT.__class__(2, "k", Kind.READ, 2, 3, Outcome.ABSENT)], id="a lost write"),
    pytest.param([put(0, 1, "a", 1), put(2, 3, "b", 2, create=True)], id="a create over what is there"),
]


@pytest.mark.parametrize("history", GOOD)
def test_what_a_register_can_answer_is_taken(history: list[Event]) -> None:
    assert violations(history) == []


@pytest.mark.parametrize("history", BUGS)
def test_what_no_register_can_answer_is_caught(history: list[Event]) -> None:
    assert violations(history) == [f"k: no order explains its {len(history)} operations"]


def test_two_winners_on_one_version_are_a_lost_update() -> None:
    twice = [put(0, 9, "b", 2, expected=1), put(0, 9, "c", 2, expected=1)]
    assert lost_updates(twice) == ["k: two compare-and-sets succeeded on version 1"]
    assert lost_updates(twice[:1]) == []
    assert lost_updates([put(0, 9, "b", 4, expected=1)]) == ["k: version 4 was written on version 1"]


def test_keys_are_judged_apart() -> None:
    other = Event(1, "other", Kind.PUT, 0, 1, Outcome.DONE, "x", 1)
    assert violations([put(0, 1, "a", 1), other]) == []


class Simulated:
    """A register in memory, with one of the five bugs in it or none, asked in steps by simulated clients."""

    def __init__(self, bug: str, seed: int) -> None:
        self.random, self.bug, self.lock = random.Random(seed), bug, threading.Lock()
        self.past: list[tuple[int, str | None]] = [(0, None)]

    def put(self, value: str, expected: int | None) -> int | None:
        version = self.past[-1][0]
        odd = self.random.random() < 0.2
        if expected not in (None, version) and not (self.bug == "blind overwrite" and odd):
            return None
        self.past.append((version + 1, value))
        if self.bug == "retry applied twice" and odd:
            self.past.append((version + 2, value))
        return version + 1

    def read(self) -> tuple[int, str | None]:
        version, value = self.past[-1]
        if len(self.past) < 3 or self.random.random() > 0.2:
            return version, value
        told = {
            "stale cached read": self.past[-2],
            "torn transaction": (version, self.past[-2][1]),
            "read from the past": self.random.choice(self.past[1:-1]),
        }
        return told.get(self.bug, (version, value))


def simulate(bug: str, seed: int, operations: int = 120) -> list[Event]:
    """Four clients whose calls overlap: an effect falls anywhere between call and return."""
    register, chance = Simulated(bug, seed), random.Random(seed + 1)
    history, seen = [], 0
    for number in range(operations):
        at = number + chance.random() * 0.5
        called, returned = at - chance.random() * 2, number + 0.5 + chance.random() * 2
        if chance.random() < 0.5:
            version, value = register.read()
            seen = version
            outcome = Outcome.DONE if version else Outcome.ABSENT
            history.append(Event(number % 4, "k", Kind.READ, called, returned, outcome, value, version or None))
        else:
            expected = seen if chance.random() < 0.5 and seen else None
            done = register.put(f"v{number}", expected)
            outcome = Outcome.DONE if done else Outcome.REFUSED
            history.append(
                Event(number % 4, "k", Kind.PUT, called, returned, outcome, f"v{number}", done, expected=expected)
            )
    return history


@pytest.mark.parametrize("seed", range(5))
def test_a_correct_register_under_overlapping_clients_is_taken(seed: int) -> None:
    assert linearizable(simulate("none", seed))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    "bug", ["stale cached read", "blind overwrite", "retry applied twice", "torn transaction", "read from the past"]
)
def test_a_planted_bug_is_caught_in_a_simulated_history(bug: str, seed: int) -> None:
    history = simulate(bug, seed)
    assert not linearizable(history)


def test_the_blind_overwrite_is_a_lost_update_too() -> None:
    count: Callable[[str], int] = lambda bug: sum(len(lost_updates(simulate(bug, seed))) for seed in range(5))  # noqa: E731
    assert count("blind overwrite") > 0 == count("none")
