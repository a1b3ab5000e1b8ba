"""Which version stood at a moment: against a linear scan, and in few reads."""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain import times
from llm_config_domain.configs.entries import ConfigDraft, ConfigVersion, Pins, next_version, pins_at
from llm_config_domain.errors import Malformed
from llm_config_domain.names import Name, TenantId
from llm_config_domain.versions import Moment, revision_at, version_at

NAME = Name(TenantId("01M7XB2CPDX901Z538HPJ3CH8B"), "team", "key", "production")
START = "2026-01-02T03:04:05.000Z"
STEPS = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 5)), min_size=1, max_size=300)
"""Of each version: milliseconds and revisions since the one before (other names of the namespace move it on too)."""


def later(at: str, milliseconds: int) -> str:
    for _ in range(milliseconds):
        at = times.after(times.parse(at), at)
    return at


def grown(steps: list[tuple[int, int]]) -> list[ConfigVersion]:
    made: list[ConfigVersion] = []
    at, revision = START, 0
    for milliseconds, revisions in steps:
        at, revision = later(at, milliseconds), revision + revisions
        draft = ConfigDraft(value="1", author="user:a", new_id="id")
        made.append(next_version(NAME, made[-1] if made else None, draft, revision=revision, at=at))
    return made


@dataclass
class Reads:
    history: list[ConfigVersion]
    numbers: list[int] = field(default_factory=list)

    def __call__(self, number: int) -> ConfigVersion:
        assert 1 <= number < len(self.history), "the newest is known, and nothing is outside"
        self.numbers.append(number)
        return self.history[number - 1]


@given(STEPS, st.data())
def test_what_stood_at_a_moment_is_what_a_scan_finds(steps: list[tuple[int, int]], data: st.DataObject) -> None:
    history = grown(steps)
    near = data.draw(st.sampled_from(history))
    moment = data.draw(
        st.sampled_from(
            [
                Moment(near.updated_at),
                Moment(START),
                Moment(later(near.updated_at, 1)),
                Moment(revision=near.revision),
                Moment(revision=near.revision - 1),
                Moment(),
            ]
        )
    )
    covered = [version for version in history if scanned(version, moment)]
    reads = Reads(history)
    assert version_at(moment, history[-1], reads) == (covered[-1] if covered else None)
    assert len(reads.numbers) <= 2 * log2(len(history)) + 2
    assert len(set(reads.numbers)) == len(reads.numbers), "nothing is read twice"


def scanned(version: ConfigVersion, moment: Moment) -> bool:
    if moment.revision is not None:
        return version.revision <= moment.revision
    return moment.at is None or version.updated_at <= moment.at


LONG = grown([(1, 1)] * 1000)


@pytest.mark.parametrize(
    ("back", "numbers"),
    [(0, []), (1, [999]), (2, [999, 997, 998]), (3, [999, 997, 998]), (4, [999, 997, 993, 995, 996])],
)
def test_what_is_near_the_newest_is_found_in_few_reads(back: int, numbers: list[int]) -> None:
    reads = Reads(LONG)
    found = version_at(Moment(revision=1000 - back), LONG[-1], reads)
    assert found is not None and found.version == 1000 - back
    assert reads.numbers == numbers


def test_any_of_a_thousand_is_found_in_twenty_reads() -> None:
    for revision in range(1001):
        reads = Reads(LONG)
        found = version_at(Moment(revision=revision), LONG[-1], reads)
        assert (found.version if found else 0) == revision
        assert len(reads.numbers) <= 20


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        (Moment(), True),
        (Moment(at=LONG[9].updated_at), True),
        (Moment(at=LONG[8].updated_at), False),
        (Moment(revision=10), True),
        (Moment(revision=9), False),
        (Moment(revision=0), False),
        (Moment(at=LONG[0].updated_at, revision=10), True),
    ],
)
def test_a_moment_covers_what_was_written_by_then(moment: Moment, covered: bool) -> None:
    assert moment.covers(LONG[9]) is covered


@given(st.lists(st.integers(1, 5), max_size=200), st.integers(-1, 1200))
def test_the_revision_at_a_time_is_the_last_that_was_committed_by_then(steps: list[int], milliseconds: int) -> None:
    stamps = [later(START, sum(steps[: place + 1])) for place in range(len(steps))]
    asked: list[int] = []

    def stamp(revision: int) -> str:
        asked.append(revision)
        return stamps[revision - 1]

    at = later(START, milliseconds) if milliseconds >= 0 else "2026-01-02T03:04:04.000Z"
    assert revision_at(at, len(stamps), stamp) == sum(one <= at for one in stamps)
    assert len(asked) <= log2(len(stamps) + 1) + 1


def stamps(*times: str) -> Callable[[int], str]:
    return lambda revision: times[revision - 1]


OWN, PLATFORMS = stamps("2026-01-01T", "2026-01-03T", "2026-01-05T"), stamps("2026-01-02T", "2026-01-04T")


@pytest.mark.parametrize(
    ("moment", "pins"),
    [
        (Moment("2025-12-31T"), Pins(0, 0)),
        (Moment("2026-01-01T"), Pins(1, 0)),
        (Moment("2026-01-03T"), Pins(2, 1)),
        (Moment("2026-01-04T"), Pins(2, 2)),
        (Moment("2027-01-01T"), Pins(3, 2)),
        (Moment(revision=0), Pins(0, 0)),
        (Moment(revision=1), Pins(1, 0)),
        (Moment(revision=2), Pins(2, 1)),
        (Moment(revision=3), Pins(3, 2)),
    ],
)
def test_the_lines_of_tenant_and_platform_are_pinned_at_one_moment(moment: Moment, pins: Pins) -> None:
    assert pins_at(moment, Pins(3, 2), OWN, PLATFORMS) == pins


def test_a_revision_that_is_not_reached_is_no_moment() -> None:
    with pytest.raises(Malformed) as refused:
        pins_at(Moment(revision=4), Pins(3, 2), OWN, PLATFORMS)
    assert refused.value.detail == "`as_of` names a revision that this namespace has not reached"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("0", Moment(revision=0)),
        ("12", Moment(revision=12)),
        ("9" * 15, Moment(revision=10**15 - 1)),
        ("2026-01-31T12:00:00+01:00", Moment(at="2026-01-31T11:00:00.000Z")),
    ],
)
def test_a_moment_is_a_revision_or_a_time(text: str, moment: Moment) -> None:
    assert Moment.read(text) == moment


@pytest.mark.parametrize("text", ["", "-1", "1.0", "9" * 16, "\u0661", "yesterday", "2026-01-31"])
def test_what_is_neither_is_no_moment(text: str) -> None:
    with pytest.raises(Malformed):
        Moment.read(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.000Z"),
        ("2026-01-31t12:00:00z", "2026-01-31T12:00:00.000Z"),
        ("2026-01-31T12:00:00.1Z", "2026-01-31T12:00:00.100Z"),
        ("2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.123Z"),
        ("2026-01-31T12:00:00.9999Z", "2026-01-31T12:00:00.999Z"),
        ("2026-01-31T12:00:00+00:00", "2026-01-31T12:00:00.000Z"),
        ("2026-01-31T12:00:00-00:00", "2026-01-31T12:00:00.000Z"),
        ("2026-01-31T12:00:00+05:30", "2026-01-31T06:30:00.000Z"),
        ("2026-01-01T00:00:00+14:00", "2025-12-31T10:00:00.000Z"),
        ("2024-02-29T23:59:59-23:59", "2024-03-01T23:58:59.000Z"),
    ],
)
def test_a_time_of_any_offset_is_kept_in_one_form(text: str, kept: str) -> None:
    assert times.normal(text) == kept


def refused(text: str) -> Any:
    with pytest.raises(Malformed) as refused:
        times.normal(text)
    return refused.value.detail


@pytest.mark.parametrize(
    "text",
    [
        "", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31 12:00:00Z", "2026-01-31T12:00Z", "20260131T120000Z",
        "2026-01-31T12:00:00.Z", "2026-01-31T12:00:00.1234567890Z", "2026-01-31T12:00:00+0530",
        "2026-01-31T12:00:00+05", "2026-W05-6T12:00:00Z", "2026-01-31T12:00:00,5Z", " 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00Z\n", "\u0662\u0660\u0662\u0666-01-31T12:00:00Z", "+2026-01-31T12:00:00Z",
    ],
)  # fmt: skip
def test_what_is_no_time_of_rfc_3339_is_refused(text: str) -> None:
    assert refused(text) == "a time is RFC 3339 with its offset: 2026-01-31T12:00:00Z"


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T12:00:00Z", "2026-13-01T12:00:00Z", "2026-00-01T12:00:00Z", "2026-01-31T24:00:01Z",
        "2026-01-31T12:60:00Z", "2026-06-30T23:59:60Z", "2026-01-31T12:00:00+24:00", "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
    ],
)  # fmt: skip
def test_a_time_that_never_is_is_refused(text: str) -> None:
    assert refused(text) == "there is no such time"
