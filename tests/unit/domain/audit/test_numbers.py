"""Numbers of a container's accesses: whatever order they come in, the gaps are exactly those that did not come."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain import times
from llm_config_domain.audit.entries import text_of
from llm_config_domain.audit.numbers import Gap, Heard, gap_entry
from llm_config_domain.audit.subjects import is_subject
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import PLATFORM
from llm_config_domain.policy import Resource

CONTAINER = "01M7XB2CPDX901Z538HPJ3CH8B"
BEGIN = datetime(2026, 11, 2, tzinfo=UTC)
AT = times.rfc3339(BEGIN)


def moment(number: int) -> str:
    return times.rfc3339(BEGIN + timedelta(seconds=number))


def came(*numbers: int) -> dict[int, str]:
    return {number: moment(number) for number in numbers}


def gap(first: int, last: int, since: str = AT) -> Gap:
    return Gap(CONTAINER, first, last, moment(first - 1) if first > 1 else None, moment(last + 1), since)


def test_numbers_in_their_order_leave_no_gap() -> None:
    heard = Heard(CONTAINER).with_numbers(came(1, 2), AT).with_numbers(came(3), moment(9))
    assert heard == Heard(CONTAINER, 3, moment(3))


def test_a_number_that_is_passed_over_is_a_gap_since_the_later_one_came() -> None:
    heard = Heard(CONTAINER).with_numbers(came(1, 4), AT).with_numbers(came(6), moment(9))
    assert heard.gaps == (gap(2, 3), gap(5, 5, moment(9)))


def test_the_very_first_ones_may_be_missing_and_nothing_is_known_before_them() -> None:
    (found,) = Heard(CONTAINER).with_numbers(came(3), AT).gaps
    assert found == gap(1, 2) and found.after is None


@pytest.mark.parametrize(
    ("late", "left"),
    [
        pytest.param(3, [gap(4, 6)], id="its first"),
        pytest.param(6, [gap(3, 5)], id="its last"),
        pytest.param(5, [gap(3, 4), gap(6, 6)], id="one within"),
        pytest.param(2, [gap(3, 6)], id="one before it"),
        pytest.param(7, [gap(3, 6)], id="one behind it"),
    ],
)
def test_what_comes_late_makes_its_gap_smaller_and_not_younger(late: int, left: list[Gap]) -> None:
    heard = Heard(CONTAINER).with_numbers(came(1, 2, 7), AT)
    assert heard.with_numbers(came(late), moment(99)).gaps == tuple(left)


@pytest.mark.parametrize("again", [1, 4])
def test_what_comes_again_does_nothing_whatever_it_says_of_its_moment(again: int) -> None:
    heard = Heard(CONTAINER).with_numbers(came(1, 4), AT)
    assert heard.with_numbers({again: moment(77)}, moment(99)) == heard


def test_the_last_that_was_missing_ends_a_gap() -> None:
    heard = Heard(CONTAINER).with_numbers(came(1, 3), AT)
    assert heard.with_numbers(came(2), AT) == Heard(CONTAINER, 3, moment(3))


@given(
    batches=st.lists(st.lists(st.integers(1, 40), max_size=8), max_size=12),
)
def test_whatever_comes_in_whatever_order_the_gaps_are_what_did_not_come(batches: list[list[int]]) -> None:
    heard, first_later = Heard(CONTAINER), dict[int, str]()
    for number, batch in enumerate(batches):
        at = moment(1000 + number)
        heard = heard.with_numbers(came(*batch), at)
        for below in range(1, max(batch, default=0)):
            first_later.setdefault(below, at)
    all_numbers = {number for batch in batches for number in batch}
    missing = set(range(1, max(all_numbers, default=0))) - all_numbers
    assert [number for one in heard.gaps for number in range(one.first, one.last + 1)] == sorted(missing)
    for one in heard.gaps:
        assert {one.first - 1, one.last + 1} - {0} <= all_numbers, "a gap is as long as it can be"
        assert one == gap(one.first, one.last, first_later[one.last])
        assert {first_later[number] for number in range(one.first, one.last + 1)} == {one.since}


@given(st.permutations(list(range(1, 12))), st.integers(1, 11))
def test_the_order_in_which_numbers_come_changes_nothing_of_what_is_missing(order: list[int], lost: int) -> None:
    """But since when."""
    heard = Heard(CONTAINER)
    for number in order:
        if number != lost:
            heard = heard.with_numbers(came(number), AT)
    whole = Heard(CONTAINER).with_numbers(came(*(number for number in order if number != lost)), AT)
    assert heard == whole


def test_a_gap_has_one_id_for_its_numbers_which_is_a_ulid_of_its_time() -> None:
    told = gap(3, 6)
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", told.id)
    assert told.id == gap(3, 6, moment(50)).id
    assert len({told.id, gap(3, 5).id, gap(4, 6).id, Gap(CONTAINER[::-1], 3, 6, AT, moment(7), AT).id}) == 4
    assert gap(3, 6).id[:10] < gap(3, 7).id[:10]
    assert told.id == "01M6CRWQTRTHPKGD6MCGPZ8JDR", "of a record that was written it never changes"


def test_a_gap_before_there_was_a_clock_has_an_id_all_the_same() -> None:
    assert Gap(CONTAINER, 1, 1, None, "1969-01-01T00:00:00.000Z", AT).id.startswith("0000000000")


def test_the_record_of_a_gap_is_the_platforms_and_names_nobody() -> None:
    entry = gap_entry(gap(3, 6), AT)
    assert entry == JournalEntry(
        id=gap(3, 6).id,
        at=AT,
        tenant=PLATFORM,
        event_type="audit.gap",
        severity="error",
        actor=Actor("system:access-log", "system", ()),
        action="audit:record",
        resource=Resource("audit", "accesses", None),
        result=Result("failure", 0),
        request_id="",
        metadata={
            "lost": 4,
            "container": CONTAINER,
            "first": 3,
            "last": 6,
            "after": moment(2),
            "before": moment(7),
        },
    )
    assert text_of(entry) and not is_subject(entry.actor)
