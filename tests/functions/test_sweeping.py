"""What the journal's stream does not bring, the sweep does: behind each line's mark, in its order, and no more than that."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations import sweeping
from llm_config.operations.audit.append_audit import APPEND_AUDIT
from llm_config.operations.audit.sweep_audit import SWEEP_AUDIT
from llm_config.ports.event_bus import EventBus
from llm_config.runtime.consumer import stream
from llm_config_domain.errors import NotFound, Unavailable
from llm_config_domain.lines import Line, LineKind, Mark, Place
from llm_config_domain.names import PLATFORM, TenantId
from tests.support.families import DynamoHome, HomeUnderTest, SqliteHome
from tests.support.sweeping import (
    CONSUMER,
    OLD_SECONDS,
    bring,
    configs,
    home_of,
    ids,
    mark,
    put,
    record,
    rows,
    sweep,
    told_of,
)


@pytest.fixture(params=["sqlite", "dynamodb"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HomeUnderTest]:
    with home_of(request.param, tmp_path) as home:
        yield home


@pytest.fixture
def acme(home: HomeUnderTest) -> TenantId:
    return home.tenant("acme")


class RefusingBus:
    """Takes what the home's own bus takes, but for the events that it `refuses`; `down`: it takes nothing."""

    def __init__(self, bus: EventBus, *refuses: str, down: bool = False) -> None:
        self._bus, self.refuses, self.down, self.asked = bus, refuses, down, 0

    def publish(self, events: Any) -> list[str]:
        self.asked += 1
        taken = [] if self.down else [event for event in events if event["id"] not in self.refuses]
        if events and not taken:
            raise Unavailable("the event bus takes nothing now")
        return [*self._bus.publish(taken), *(event["id"] for event in events if event not in taken)]


def stand_before(home: HomeUnderTest, *refuses: str, down: bool = False) -> RefusingBus:
    bus = RefusingBus(home.provide("event_bus"), *refuses, down=down)
    home.kit.factories["event_bus"] = lambda: bus
    home.kit.forget()
    return bus


def spoil(home: HomeUnderTest, line: Line, revision: int, entry: str | None = None) -> str:
    """A row that nobody can read, or one with this entry: what stood there before."""
    (was,) = [row.entry for row in rows(home, line) if row.place == Place(revision)]
    told = '{"id": 1}' if entry is None else entry
    if isinstance(home, SqliteHome):
        where = (told, line.tenant, line.kind, line.namespace, revision)
        query = "UPDATE journal SET entry = ? WHERE (tenant, line, namespace, revision) = (?, ?, ?, ?)"
        home._family.store.write(lambda db: db.execute(query, where))
    if isinstance(home, DynamoHome):
        item = {
            "pk": {"S": f"T#{line.tenant}#N#{line.namespace}"},
            "sk": {"S": f"{revision:010}#00"},
            "entry": {"S": told},
            "rest": {"N": "0"},
        }
        home.account.client("dynamodb").put_item(TableName="llm-config-test-journal", Item=item)
    return was


def test_what_the_stream_never_brought_is_told_in_the_order_of_its_line(home: HomeUnderTest, acme: TenantId) -> None:
    taken = home.listen()
    for number in range(12):
        put(home, acme, number)
    home.clock.step(OLD_SECONDS)
    assert sweep(home)
    assert told_of(taken(), configs(acme)) == ids(rows(home, configs(acme)))
    assert {event["type"] for event in taken()} == {"com.llm.tenant.created", "com.llm.config.created"}
    assert mark(home, configs(acme)) == Mark(Place(13))
    assert mark(home, Line(PLATFORM, LineKind.CONTROL)) == Mark(Place(2))


def test_what_was_told_is_told_no_more(home: HomeUnderTest, acme: TenantId) -> None:
    put(home, acme, 1)
    home.clock.step(OLD_SECONDS)
    assert sweep(home)
    taken = home.listen()
    before = len(taken())
    assert sweep(home) and len(taken()) == before
    put(home, acme, 2)
    home.clock.step(OLD_SECONDS)
    assert sweep(home)
    assert told_of(taken()[before:], configs(acme)) == ids(rows(home, configs(acme)))[1:]


def test_what_the_stream_brought_is_left_alone(home: HomeUnderTest, acme: TenantId) -> None:
    for number in range(3):
        put(home, acme, number)
    line = configs(acme)
    found = rows(home, line)
    assert bring(home, line, *found[:2]) == []
    assert mark(home, line) == Mark(Place(3))
    taken = home.listen()
    before = len(taken())
    home.clock.step(OLD_SECONDS)
    assert sweep(home)
    assert told_of(taken()[before:], line) == ids(found)[2:]


def test_a_row_that_the_stream_passed_over_is_found(home: HomeUnderTest, acme: TenantId) -> None:
    for number in range(3):
        put(home, acme, number)
    line, taken = configs(acme), home.listen()
    found = rows(home, line)
    bring(home, line, found[0], found[2])
    assert mark(home, line) == Mark(Place(2)), "the row between them is still to come"
    home.clock.step(OLD_SECONDS)
    assert sweep(home)
    assert set(told_of(taken(), line)) == set(ids(found))
    assert mark(home, line) == Mark(Place(4))


def test_what_the_stream_failed_to_deliver_stays_behind_the_mark(home: HomeUnderTest, acme: TenantId) -> None:
    for number in range(2):
        put(home, acme, number)
    line = configs(acme)
    found = rows(home, line)
    bus = stand_before(home, ids(found)[0])
    assert bring(home, line, *found) == ["0000000001#00"]
    assert mark(home, line) == Mark()
    bus.refuses = ()
    home.clock.step(OLD_SECONDS)
    assert sweep(home) and mark(home, line) == Mark(Place(3))


def test_a_minute_is_left_to_the_stream(home: HomeUnderTest, acme: TenantId) -> None:
    put(home, acme, 1)
    taken = home.listen()
    home.clock.step(OLD_SECONDS - 2)
    assert sweep(home) and taken() == []
    put(home, acme, 2)
    home.clock.step(2)
    assert sweep(home)
    assert told_of(taken(), configs(acme)) == ids(rows(home, configs(acme)))[:1]


def test_more_than_a_batch_is_brought_in_one_walk(home: HomeUnderTest, acme: TenantId) -> None:
    for number in range(sweeping.AT_ONCE + 5):
        put(home, acme, number)
    taken = home.listen()
    home.clock.step(OLD_SECONDS)
    assert sweep(home)
    assert told_of(taken(), configs(acme)) == ids(rows(home, configs(acme)))


def test_a_walk_stops_when_its_time_is_over_and_the_next_one_goes_on(
    home: HomeUnderTest, acme: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        put(home, acme, number, f"team-{number}")
    globex = home.tenant("globex")
    put(home, globex, 1)
    taken = home.listen()
    home.clock.step(OLD_SECONDS)
    monkeypatch.setattr(sweeping, "SECONDS", 3.0)
    home.clock.hasten(0.9)
    walks = 0
    while not told_of(taken(), configs(globex)):
        before = len(taken())
        assert sweep(home)
        walks += 1
        assert len(taken()) <= before + 3 and walks < 12
    assert walks > 2
    every = [event["id"] for event in taken()]
    assert len(every) == len(set(every)), "a walk began anew"


def test_a_walk_hands_over_no_more_than_it_may(
    home: HomeUnderTest, acme: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "MAX_BATCHES", 2)
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    for number in range(6):
        put(home, acme, number)
    taken = home.listen()
    home.clock.step(OLD_SECONDS)
    counts = []
    for _ in range(5):
        assert sweep(home)
        counts.append(len(taken()))
    assert counts == [2, 6, 8, 8, 8]
    assert told_of(taken(), configs(acme)) == ids(rows(home, configs(acme)))


def test_more_tenants_than_one_walk_takes_are_come_to_in_turn(
    home: HomeUnderTest, acme: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "TENANTS", 2)
    tenants = sorted([acme, *(home.tenant(f"tenant-{number}") for number in range(2))])
    for tenant in tenants:
        put(home, tenant, 1)
    taken, found = home.listen(), []
    home.clock.step(OLD_SECONDS)
    for _ in range(3):
        assert sweep(home)
        found.append([tenant for tenant in tenants if told_of(taken(), configs(tenant))])
    assert found == [tenants[:1], tenants, tenants]


def test_a_row_that_nobody_can_read_is_put_aside_and_tried_at_each_walk(home: HomeUnderTest, acme: TenantId) -> None:
    for number in range(3):
        put(home, acme, number)
    line, taken = configs(acme), home.listen()
    whole = ids(rows(home, line))
    was = spoil(home, line, 2)
    home.clock.step(OLD_SECONDS)
    assert not sweep(home), "a defect is told"
    assert told_of(taken(), line) == [whole[0], whole[2]]
    assert mark(home, line) == Mark(Place(4), (Place(2),))
    before = len(taken())
    assert not sweep(home) and len(taken()) == before
    spoil(home, line, 2, was)
    assert sweep(home)
    assert told_of(taken()[before:], line) == [whole[1]]
    assert mark(home, line) == Mark(Place(4))


@pytest.mark.parametrize("entry", ["", "[]", '{"at": 7}', "7"])
def test_no_unreadable_row_hides_what_is_behind_it(home: HomeUnderTest, acme: TenantId, entry: str) -> None:
    for number in range(2):
        put(home, acme, number)
    line, taken = configs(acme), home.listen()
    whole = ids(rows(home, line))
    spoil(home, line, 1, entry or "x")
    home.clock.step(OLD_SECONDS)
    assert not sweep(home)
    assert told_of(taken(), line) == whole[1:]


def test_an_event_that_the_bus_refuses_alone_is_put_aside_until_it_is_taken(
    home: HomeUnderTest, acme: TenantId
) -> None:
    for number in range(3):
        put(home, acme, number)
    line, taken = configs(acme), home.listen()
    whole = ids(rows(home, line))
    bus = stand_before(home, whole[1])
    home.clock.step(OLD_SECONDS)
    assert sweep(home)
    assert mark(home, line) == Mark(Place(4), (Place(2),))
    bus.refuses = ()
    assert sweep(home)
    assert told_of(taken(), line) == [whole[0], whole[2], whole[1]]
    assert mark(home, line) == Mark(Place(4))


def test_while_the_bus_is_down_no_mark_moves_and_it_is_asked_no_longer_than_needed(
    home: HomeUnderTest, acme: TenantId
) -> None:
    for number in range(2 * sweeping.FAILING):
        put(home, acme, number, f"team-{number}")
    taken = home.listen()
    bus = stand_before(home, down=True)
    home.clock.step(OLD_SECONDS)
    assert not sweep(home)
    assert (bus.asked, taken()) == (sweeping.FAILING, [])
    assert dict(home.provide("journal_marks").of(CONSUMER, acme)) == {}
    bus.down = False
    while home.provide("journal_marks").stopped_at(CONSUMER) or not taken():
        assert sweep(home)
    assert {event["data"]["tenant_id"] for event in taken()} == {PLATFORM, acme}
    assert len(taken()) == 2 + 2 * sweeping.FAILING


def test_one_line_that_the_bus_refuses_holds_up_no_other(home: HomeUnderTest, acme: TenantId) -> None:
    for number in range(3):
        put(home, acme, 1, f"team-{number}")
    taken = home.listen()
    line = configs(acme, "team-1")
    stand_before(home, *ids(rows(home, line)))
    home.clock.step(OLD_SECONDS)
    assert sweep(home)
    assert [bool(told_of(taken(), configs(acme, f"team-{number}"))) for number in range(3)] == [True, False, True]
    assert mark(home, line) == Mark()


def test_a_mark_that_cannot_be_moved_leaves_the_batch_taken(home: HomeUnderTest, acme: TenantId) -> None:
    put(home, acme, 1)
    line, taken = configs(acme), home.listen()

    class Still:
        def move(self, *told: Any) -> None:
            raise Unavailable("not now")

    whole = home.kit.factories["journal_marks"]
    home.kit.factories["journal_marks"] = Still
    home.kit.forget()
    assert bring(home, line, *rows(home, line)) == []
    home.kit.factories["journal_marks"] = whole
    home.kit.forget()
    assert told_of(taken(), line) == ids(rows(home, line)) and mark(home, line) == Mark()


def test_what_was_not_appended_is_appended_and_once(home: HomeUnderTest, acme: TenantId) -> None:
    for number in range(3):
        put(home, acme, number)
    line = configs(acme)
    found = rows(home, line)
    partition = f"T#{acme}#N#gateway"
    assert stream(APPEND_AUDIT, home.provide)({"Records": [record(partition, found[0])]}, None) == {
        "batchItemFailures": []
    }
    assert mark(home, line, APPEND_AUDIT.name) == Mark(Place(2))
    reader = home.provide("audit_reader")
    with pytest.raises(NotFound):
        reader.leaf(acme, ids(found)[1])
    home.clock.step(OLD_SECONDS)
    for _ in range(2):
        assert sweep(home, SWEEP_AUDIT)
    leaves = [reader.leaf(acme, one) for one in ids(found)]
    assert [json.loads(leaf.text)["id"] for leaf in leaves] == ids(found)
    assert mark(home, line, APPEND_AUDIT.name) == Mark(Place(4))
    assert mark(home, line) == Mark(), "the other consumer has a mark of its own"
