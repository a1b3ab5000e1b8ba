"""ports/journal_marks.py, promise by promise."""

from concurrent.futures import ThreadPoolExecutor

from llm_config_domain.errors import Unavailable
from llm_config_domain.lines import Done, Line, LineKind, LineRow, Mark, Place
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest

CONSUMER = "publish_changes"


def row(revision: int) -> LineRow:
    return LineRow(Place(revision), 0, "{}")


def line(tenant: TenantId, namespace: str = "gateway", kind: LineKind = LineKind.CONFIGS) -> Line:
    return Line(tenant, kind, namespace)


def test_a_line_has_no_mark_before_anybody_followed_it(home: HomeUnderTest, acme: TenantId) -> None:
    assert home.provide("journal_marks").of(CONSUMER, acme) == {}


def test_marks_move_as_rows_are_done_with_each_on_its_own(home: HomeUnderTest, acme: TenantId) -> None:
    marks = home.provide("journal_marks")
    lines = [line(acme), line(acme, "team/a"), line(acme, kind=LineKind.SECRETS), Line(acme, LineKind.CONTROL)]
    marks.move(CONSUMER, {one: Done([row(1)]) for one in lines})
    marks.move(CONSUMER, {lines[0]: Done([row(2), row(3)]), lines[1]: Done([row(3)])})
    assert marks.of(CONSUMER, acme) == {
        lines[0]: Mark(Place(4)),
        lines[1]: Mark(Place(2)),
        lines[2]: Mark(Place(2)),
        lines[3]: Mark(Place(2)),
    }


def test_what_failed_stands_beside_the_mark_until_it_is_taken(home: HomeUnderTest, acme: TenantId) -> None:
    marks = home.provide("journal_marks")
    marks.move(CONSUMER, {line(acme): Done([row(1), row(2)], frozenset({Place(1)}))})
    assert marks.of(CONSUMER, acme) == {line(acme): Mark(Place(3), (Place(1),))}
    marks.move(CONSUMER, {line(acme): Done([row(1)])})
    assert marks.of(CONSUMER, acme) == {line(acme): Mark(Place(3))}


def test_no_mark_moves_back(home: HomeUnderTest, acme: TenantId) -> None:
    marks = home.provide("journal_marks")
    marks.move(CONSUMER, {line(acme): Done([row(1), row(2)])})
    marks.move(CONSUMER, {line(acme): Done([row(1)])})
    assert marks.of(CONSUMER, acme) == {line(acme): Mark(Place(3))}


def test_each_consumer_and_each_tenant_has_marks_of_its_own(home: HomeUnderTest, acme: TenantId) -> None:
    marks, other = home.provide("journal_marks"), home.tenant("acme-corp")
    marks.move(CONSUMER, {line(acme): Done([row(1)])})
    marks.move("publish", {line(acme): Done([row(1), row(2)])})
    marks.move(CONSUMER, {line(other): Done([row(1), row(2), row(3)])})
    assert marks.of(CONSUMER, acme) == {line(acme): Mark(Place(2))}
    assert marks.of("publish", acme) == {line(acme): Mark(Place(3))}
    assert marks.of(CONSUMER, other) == {line(other): Mark(Place(4))}


def test_more_lines_than_one_request_holds_are_moved_too(home: HomeUnderTest, acme: TenantId) -> None:
    lines = [line(acme, f"team-{number}") for number in range(101)]
    home.provide("journal_marks").move(CONSUMER, {one: Done([row(1)]) for one in lines})
    assert home.provide("journal_marks").of(CONSUMER, acme) == dict.fromkeys(lines, Mark(Place(2)))


def test_two_who_move_a_mark_at_once_lose_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    marks = home.provide("journal_marks")

    def move(number: int) -> None:
        while True:
            try:
                marks.move(CONSUMER, {line(acme): Done([row(1)], frozenset({Place(1)} if number else ()))})
            except Unavailable:
                continue
            return

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(move, [0, 1, 0, 1]))
    move(0)
    assert marks.of(CONSUMER, acme) == {line(acme): Mark(Place(2))}


def test_a_walk_goes_on_where_the_last_one_stopped(home: HomeUnderTest, acme: TenantId) -> None:
    marks = home.provide("journal_marks")
    assert marks.stopped_at(CONSUMER) == ""
    for stop in (acme, home.tenant("globex"), ""):
        marks.stop_at(CONSUMER, stop)
        assert (marks.stopped_at(CONSUMER), marks.stopped_at("another")) == (stop, "")


def test_marks_are_put_forwards_and_back(home: HomeUnderTest, acme: TenantId) -> None:
    marks, lines = home.provide("journal_marks"), [line(acme), line(acme, "team/a")]
    marks.move(CONSUMER, {lines[0]: Done([row(1), row(2)], frozenset({Place(1)}))})
    marks.begin(CONSUMER, {lines[0]: Place(9), lines[1]: Place(4)})
    assert marks.of(CONSUMER, acme) == {lines[0]: Mark(Place(9)), lines[1]: Mark(Place(4))}
    marks.begin(CONSUMER, {lines[0]: Place(2)})
    marks.begin(CONSUMER, {})
    assert marks.of(CONSUMER, acme) == {lines[0]: Mark(Place(2)), lines[1]: Mark(Place(4))}
