"""ports/read_numbers.py, promise by promise."""

from concurrent.futures import ThreadPoolExecutor
from random import Random

from llm_config_domain.audit.numbers import Gap, Heard
from tests.support.families import HomeUnderTest

ONE, TWO = "01M7XB2CPDX901Z538HPJ3CH8B", "01M7XB2CPDX901Z538HPJ3CH8C"
MOST = 100
ALWAYS = "2100-01-01T00:00:00.000Z"


def moment(second: int) -> str:
    return f"2026-11-02T00:{second // 60:02}:{second % 60:02}.000Z"


def came(*numbers: int) -> dict[int, str]:
    return {number: moment(number) for number in numbers}


def hear(home: HomeUnderTest, *numbers: int, container: str = ONE, second: int = 0) -> None:
    home.provide("read_numbers").hear(container, came(*numbers), moment(second))


def ranges(home: HomeUnderTest, until: str = ALWAYS, most: int = MOST) -> list[tuple[str, int, int]]:
    return [(gap.container, gap.first, gap.last) for gap in home.provide("read_numbers").overdue(until, most)]


def test_where_every_number_came_nothing_is_overdue(home: HomeUnderTest) -> None:
    hear(home, 1, 2)
    hear(home, 4, 3, 2)
    hear(home)
    assert ranges(home) == []


def test_a_gap_says_where_it_is_and_between_which_moments(home: HomeUnderTest) -> None:
    hear(home, 2, second=7)
    hear(home, 6, second=9)
    found = home.provide("read_numbers").overdue(ALWAYS, MOST)
    assert list(found) == [
        Gap(ONE, 1, 1, None, moment(2), moment(7)),
        Gap(ONE, 3, 5, moment(2), moment(6), moment(9)),
    ]


def test_what_comes_before_it_is_overdue_is_missing_no_more(home: HomeUnderTest) -> None:
    hear(home, 1, 9)
    hear(home, 5, 9, 1)
    hear(home, 2, 8)
    hear(home, 3, 4)
    assert ranges(home) == [(ONE, 6, 7)]


def test_containers_are_apart_and_the_oldest_gap_is_the_first(home: HomeUnderTest) -> None:
    hear(home, 1, 3, second=5)
    hear(home, 1, 2, 4, container=TWO, second=4)
    assert ranges(home) == [(TWO, 3, 3), (ONE, 2, 2)]


def test_a_gap_is_overdue_when_the_later_number_is_old_enough(home: HomeUnderTest) -> None:
    hear(home, 1, 3, second=5)
    hear(home, 5, second=8)
    assert ranges(home, moment(4)) == []
    assert ranges(home, moment(5)) == [(ONE, 2, 2)]


def test_what_is_overdue_stays_as_it_is_until_it_is_told(home: HomeUnderTest) -> None:
    hear(home, 1, 9)
    (first,) = home.provide("read_numbers").overdue(ALWAYS, MOST)
    hear(home, 5)
    assert list(home.provide("read_numbers").overdue(moment(0), MOST)) == [first]
    home.provide("read_numbers").told([first])
    assert ranges(home) == []
    hear(home, 6)
    assert ranges(home) == [], "it is a gap no more, whatever comes of it"


def test_more_gaps_than_are_asked_for_wait(home: HomeUnderTest) -> None:
    hear(home, 2, 4, 6)
    numbers = home.provide("read_numbers")
    assert ranges(home, most=2) == ranges(home, most=2) == [(ONE, 1, 1), (ONE, 3, 3)]
    numbers.told(numbers.overdue(ALWAYS, 2))
    hear(home, 7)
    assert ranges(home) == [(ONE, 5, 5)]
    numbers.told([])
    assert ranges(home) == [(ONE, 5, 5)]


def test_a_container_that_is_silent_is_forgotten_and_begins_anew(home: HomeUnderTest) -> None:
    hear(home, 1, 2, second=5)
    hear(home, 1, container=TWO, second=9)
    hear(home, 1, container=TWO, second=1)
    home.provide("read_numbers").forget(moment(9))
    hear(home, 3, second=10)
    hear(home, 2, container=TWO, second=10)
    assert ranges(home) == [(ONE, 1, 2)]


def test_a_container_with_a_gap_that_is_still_to_be_told_is_not_forgotten(home: HomeUnderTest) -> None:
    hear(home, 1, 3)
    numbers = home.provide("read_numbers")
    numbers.forget(ALWAYS)
    assert ranges(home) == [(ONE, 2, 2)]
    hear(home, 4)
    numbers.forget(ALWAYS)
    numbers.told(numbers.overdue(ALWAYS, MOST))
    hear(home, 5)
    assert ranges(home) == []


def test_large_numbers_are_told_to_the_digit(home: HomeUnderTest) -> None:
    largest = 2**53 - 1
    home.provide("read_numbers").hear(ONE, {1: moment(1), largest: moment(2)}, moment(3))
    assert ranges(home) == [(ONE, 2, largest - 1)]


def test_of_several_who_tell_at_once_nobody_undoes_what_another_said(home: HomeUnderTest) -> None:
    numbers = list(range(1, 121))
    Random(7).shuffle(numbers)
    pieces = [numbers[first : first + 10] for first in range(0, 120, 10)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda piece: hear(home, *(number for number in piece if number not in (40, 41, 90))), pieces))
    assert ranges(home) == [(ONE, 40, 41), (ONE, 90, 90)]


def test_what_is_told_while_numbers_come_is_told_once_and_is_what_did_not_come_by_then(home: HomeUnderTest) -> None:
    """Four bring a container's numbers in any order while one tells at once what is missing."""
    order, port, told = list(range(1, 161)), home.provide("read_numbers"), list[Gap]()
    Random(3).shuffle(order)
    pieces = [order[first : first + 8] for first in range(0, 160, 8)]

    def tell(_: int) -> None:
        found = port.overdue(ALWAYS, 3)
        told.extend(found)
        port.told(found)

    hear(home, *pieces.pop())  # or the one who tells could be done before anybody brought anything
    with ThreadPoolExecutor(4) as bring, ThreadPoolExecutor(1) as teller:
        telling = teller.map(tell, range(30))
        list(bring.map(lambda piece: hear(home, *piece), pieces))
        list(telling)
    tell(0)
    missing = [number for gap in told for number in range(gap.first, gap.last + 1)]
    assert told and len(missing) == len(set(missing)) and set(missing) <= set(order)
    while left := port.overdue(ALWAYS, MOST):
        assert not set(missing) & {number for gap in left for number in range(gap.first, gap.last + 1)}
        port.told(left)


def test_both_families_tell_what_the_rules_say(home: HomeUnderTest) -> None:
    """Batches in any order, twice and not at all, while gaps fall due and are told."""
    draw, numbers, settled = Random(11), home.provide("read_numbers"), list[Gap]()
    for container in (ONE, TWO):
        told, heard = set[Gap](), Heard(container)
        for step in range(40):
            batch = came(*draw.sample(range(1, 200), draw.randint(1, 12)))
            numbers.hear(container, batch, moment(step))
            heard = heard.with_numbers(batch, moment(step))
            if draw.random() < 0.2:
                settled = [*numbers.overdue(moment(step - 3 if step > 3 else 0), MOST)]
                due = {gap for gap in heard.gaps if gap.since <= moment(step - 3 if step > 3 else 0)}
                assert set(settled) == due
                numbers.told(settled)
                told |= due
                heard = Heard(container, heard.last, heard.last_at, tuple(gap for gap in heard.gaps if gap not in due))
        left = numbers.overdue(ALWAYS, 1000)
        assert set(left) == set(heard.gaps) and told
        numbers.told(left)
