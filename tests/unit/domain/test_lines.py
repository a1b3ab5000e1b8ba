"""A mark on a line: it moves over what came in its turn, and never back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from llm_config_domain.lines import FIRST, MAX_ASIDE, Done, LineRow, Mark, Place


def row(revision: int, ordinal: int = 0, rest: int = 0) -> LineRow:
    return LineRow(Place(revision, ordinal), rest, "{}")


BATCH = [row(2, 0, 2), row(2, 1, 1), row(2, 2)]


def test_a_mark_moves_over_rows_in_their_turn() -> None:
    assert Mark().after(Done([row(1), *BATCH, row(3)])) == Mark(Place(4))


def test_a_row_before_its_turn_moves_nothing() -> None:
    assert Mark().after(Done([row(2), row(3)])) == Mark()


def test_what_is_missing_before_rows_may_come_with_them_in_any_order() -> None:
    assert Mark().after(Done([row(3), row(1), row(2)])) == Mark(Place(4))


def test_a_revision_is_passed_when_all_of_its_rows_came() -> None:
    mark = Mark(Place(2)).after(Done(BATCH[:2]))
    assert mark == Mark(Place(2, 2))
    assert mark.after(Done([row(3)])) == mark, "a row of the revision before it never came"
    assert mark.after(Done(BATCH[2:])) == Mark(Place(3))


def test_what_came_already_moves_nothing() -> None:
    assert Mark(Place(7)).after(Done([row(5), row(6)])) == Mark(Place(7))


def test_what_failed_is_put_aside_and_passed() -> None:
    mark = Mark().after(Done([row(1), row(2), row(3)], frozenset({Place(2)})))
    assert mark == Mark(Place(4), (Place(2),))


def test_what_is_taken_later_is_put_aside_no_more() -> None:
    mark = Mark(Place(4), (Place(2), Place(3)))
    assert mark.after(Done([row(3)])) == Mark(Place(4), (Place(2),))
    assert mark.after(Done([row(3)], frozenset({Place(3)}))) == mark


def test_what_fails_before_its_turn_is_not_put_aside() -> None:
    assert Mark().after(Done([row(3)], frozenset({Place(3)}))) == Mark()


def test_where_too_much_fails_the_mark_stands_still_and_forgets_nothing() -> None:
    rows = [row(number) for number in range(1, MAX_ASIDE + 3)]
    full = Mark().after(Done(rows[:-2], frozenset(one.place for one in rows[:-2])))
    assert (full.next, len(full.aside)) == (Place(MAX_ASIDE + 1), MAX_ASIDE)
    assert full.after(Done(rows[-2:], frozenset({rows[-2].place}))) == full
    assert full.after(Done(rows[-2:], frozenset({rows[-1].place}))) == Mark(Place(MAX_ASIDE + 2), full.aside)


@pytest.mark.parametrize("mark", [Mark(), Mark(Place(7, 3), (Place(2), Place(5, 1)))], ids=["new", "moved"])
def test_a_mark_comes_out_of_its_record_as_it_went_in(mark: Mark) -> None:
    assert Mark.from_record(mark.to_record()) == mark


@given(st.permutations(range(1, 12)), st.integers(1, 4))
def test_rows_in_any_order_leave_the_mark_where_it_belongs(order: list[int], size: int) -> None:
    """It stands before the first row that did not come in its turn, and never moves back."""
    mark, came = Mark(), set[int]()
    for first in range(0, len(order), size):
        batch = order[first : first + size]
        before, mark = mark, mark.after(Done([row(number) for number in batch]))
        came |= set(batch)
        assert before.next <= mark.next and set(range(1, mark.next.revision)) <= came
    assert mark.next >= FIRST
