"""The embedded home follows its journal: nothing is lost, nothing overtakes, and a restart goes on where it was."""

import json
import threading
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.names import PLATFORM, TenantId
from llm_config_local.adapters.faulty import Crashed, Fault, Faults, Kind
from llm_config_local.follower import BATCH, TRIES, Came
from llm_config_local.ticker import SWEEP_SECONDS, Ticker
from tests.support.clocks import SteppedClock
from tests.support.following import Subscriber, follow, follower
from tests.support.homes import EmbeddedKit, embedded

WAIT_SECONDS = 30


@pytest.fixture
def subscriber(home: EmbeddedKit) -> Subscriber:
    """One who listens from the beginning."""
    listening = Subscriber()
    home.family.event_bus.listen(listening)
    return listening


@pytest.fixture
def acme(home: EmbeddedKit) -> TenantId:
    return home.tenant("acme")


def put(kit: EmbeddedKit, tenant: TenantId, number: int = 0, count: int = 1) -> None:
    token = kit.token(tenant, "operator")
    for each in range(number, number + count):
        url = f"/api/v1/configs/gateway/key-{each}?environment=production"
        assert kit.call("PUT", url, {"value": each}, token=token).status == 201


def told(kit: EmbeddedKit) -> list[str]:
    """The ids of the rows that are events, in the order of their commits."""
    with kit.family.store.snapshot() as db:
        rows = db.execute(
            "SELECT id FROM journal WHERE json_extract(entry, '$.event_type') NOT LIKE '%.read' ORDER BY sequence"
        )
        return [event_id for (event_id,) in rows]


def poison(kit: EmbeddedKit, entry: str = '{"id": 1}') -> None:
    """A row that nobody can read."""
    row = ("poison", PLATFORM, "A", "", entry)
    kit.family.store.write(
        lambda db: db.execute("INSERT INTO journal (id, tenant, line, namespace, entry) VALUES (?, ?, ?, ?, ?)", row)
    )


def given_up(kit: EmbeddedKit) -> list[Any]:
    with kit.family.store.snapshot() as db:
        return db.execute("SELECT id FROM undelivered JOIN journal USING (sequence)").fetchall()


def test_every_change_is_told_once_in_the_order_of_the_commits(
    home: EmbeddedKit, acme: TenantId, subscriber: Subscriber
) -> None:
    put(home, acme, count=5)
    assert follow(follower(home)) == [Came.DELIVERED, Came.NOTHING]
    assert subscriber.ids == told(home)
    assert [event["type"] for event in subscriber.heard] == ["com.llm.tenant.created"] * 2 + [
        "com.llm.config.created"
    ] * 5


def test_more_than_a_batch_is_told_batch_by_batch(home: EmbeddedKit, acme: TenantId, subscriber: Subscriber) -> None:
    put(home, acme, count=BATCH)
    assert follow(follower(home)) == [Came.DELIVERED, Came.DELIVERED, Came.NOTHING]
    assert subscriber.ids == told(home)


def test_a_denial_is_told_and_a_read_is_not(home: EmbeddedKit, acme: TenantId, subscriber: Subscriber) -> None:
    put(home, acme)
    url = "/api/v1/configs/gateway/key-0?environment=production"
    assert home.call("GET", url, token=home.token(acme, "viewer")).status == 200
    assert home.call("DELETE", url, token=home.token(acme, "viewer")).status == 403
    home.family.access_log.close()
    follow(follower(home))
    assert [event["type"] for event in subscriber.heard[2:]] == ["com.llm.config.created", "com.llm.access.denied"]


def test_after_a_restart_nothing_is_told_again(home: EmbeddedKit, acme: TenantId, subscriber: Subscriber) -> None:
    put(home, acme, count=3)
    follow(follower(home))
    put(home, acme, number=3)
    assert follow(follower(home)) == [Came.DELIVERED, Came.NOTHING]
    assert subscriber.ids == told(home)


def test_while_the_bus_is_down_nothing_is_lost_or_overtakes(
    home: EmbeddedKit, acme: TenantId, subscriber: Subscriber
) -> None:
    following = follower(home)
    subscriber.deaf = True
    for number in range(3 * TRIES):
        put(home, acme, number)
        assert follow(following) == [Came.FAILED]
    subscriber.deaf = False
    follow(following)
    assert subscriber.ids == told(home)
    assert given_up(home) == []


def test_a_bus_that_fails_between_two_events_is_told_both_in_their_order(
    home: EmbeddedKit, acme: TenantId, subscriber: Subscriber
) -> None:
    follow(follower(home))
    failing = iter([False, True, False, True])

    def now_and_then(event: Any) -> None:
        subscriber.deaf = next(failing, False)

    home.family.event_bus._listeners = (now_and_then, subscriber)
    put(home, acme, count=4)
    following = follower(home)
    assert following.step() is Came.FAILED
    while following.step() is not Came.NOTHING:
        pass
    assert subscriber.ids == told(home)


@pytest.mark.parametrize("kind", [Kind.CRASH, Kind.AFTER_EFFECT])
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_process_that_ends_while_it_publishes_loses_nothing(
    home: EmbeddedKit, acme: TenantId, subscriber: Subscriber, kind: Kind, nth: int
) -> None:
    def crash() -> None:
        raise Crashed

    faults = Faults([Fault("event_bus", "publish", nth, kind)], fail=Crashed, crash=crash)
    home.factories = faults.around(home.factories)
    home.forget()
    put(home, acme, count=2 * BATCH)
    with pytest.raises(Crashed):
        follow(follower(home))
    follow(follower(home))
    assert sorted(set(subscriber.ids)) == sorted(told(home))
    assert list(dict.fromkeys(subscriber.ids)) == told(home), "an event overtook another"


def test_a_row_that_cannot_be_read_is_put_aside_and_holds_up_nothing(
    home: EmbeddedKit, acme: TenantId, subscriber: Subscriber
) -> None:
    put(home, acme)
    poison(home)
    put(home, acme, number=1)
    following = follower(home)
    assert [following.step() for _ in range(TRIES + 1)] == [Came.FAILED] * (TRIES - 1) + [Came.DELIVERED, Came.NOTHING]
    assert set(subscriber.ids) == set(told(home)) - {"poison"}
    assert given_up(home) == [("poison",)]


def test_two_rows_that_cannot_be_read_are_put_aside_one_after_the_other(
    home: EmbeddedKit, subscriber: Subscriber
) -> None:
    poison(home)
    home.family.store.write(lambda db: db.execute("UPDATE journal SET id = 'first' WHERE id = 'poison'"))
    poison(home)
    home.tenant("acme")
    following = follower(home)
    came = [following.step() for _ in range(2 * TRIES + 1)]
    assert came[-1] is Came.NOTHING and given_up(home) == [("first",), ("poison",)]


def test_an_outage_puts_nothing_aside_even_beside_a_row_that_cannot_be_read(
    home: EmbeddedKit, acme: TenantId, subscriber: Subscriber
) -> None:
    poison(home)
    put(home, acme)
    subscriber.deaf = True
    following = follower(home)
    assert [following.step() for _ in range(2 * TRIES)] == [Came.FAILED] * (2 * TRIES)
    assert given_up(home) == []


def test_a_commit_wakes_the_follower_and_closing_ends_it(home: EmbeddedKit, acme: TenantId) -> None:
    heard = threading.Semaphore(0)
    home.family.event_bus.listen(lambda event: heard.release())
    following = follower(home)
    following.start()
    for number in range(3):
        put(home, acme, number)
    for _ in range(5):
        assert heard.acquire(timeout=WAIT_SECONDS)
    following.close()
    assert follow(follower(home)) == [Came.NOTHING], "what was told stands behind its mark"


def test_a_follower_outlives_a_store_that_fails(home: EmbeddedKit, acme: TenantId) -> None:
    heard, failing = threading.Semaphore(0), threading.Event()
    following = follower(home)
    step = following.step

    def fails_once() -> Came:
        if not failing.is_set():
            failing.set()
            raise RuntimeError
        return step()

    following.step = fails_once  # type: ignore[method-assign]
    home.family.event_bus.listen(lambda event: heard.release())
    following.start()
    put(home, acme)
    for _ in range(3):
        assert heard.acquire(timeout=WAIT_SECONDS)
    following.close()


def test_what_the_follower_gave_up_is_tried_again_by_the_sweep_every_five_minutes(tmp_path: Path) -> None:
    clock, subscriber = SteppedClock(), Subscriber()
    with embedded(tmp_path, clock=clock) as home:
        acme = home.tenant("acme")
        home.family.event_bus.listen(subscriber)
        put(home, acme)
        whole = told(home)
        wrong = (json.dumps({"id": 1}), whole[-1])
        home.family.store.write(lambda db: db.execute("UPDATE journal SET entry = ? WHERE id = ?", wrong))
        put(home, acme, number=1)
        following, ticker = follower(home), Ticker(home.family.engine, home.provide)
        while following.step() is not Came.NOTHING:
            pass
        assert given_up(home) == [(whole[-1],)] and whole[-1] not in subscriber.ids
        clock.step(SWEEP_SECONDS - 10)
        assert not ticker.sweep()
        clock.step(20)
        assert ticker.sweep() and not ticker.sweep()
        assert whole[-1] not in subscriber.ids
        healed = (json.dumps(change_of(home, whole[-1])), whole[-1])
        home.family.store.write(lambda db: db.execute("UPDATE journal SET entry = ? WHERE id = ?", healed))
        clock.step(SWEEP_SECONDS + 1)
        assert ticker.sweep()
        assert subscriber.ids.count(whole[-1]) == 1
        ticker.runs.close()


def change_of(kit: EmbeddedKit, entry_id: str) -> dict[str, Any]:
    """An entry as it would have been: what its neighbour says, under its own id."""
    with kit.family.store.snapshot() as db:
        row = db.execute("SELECT entry FROM journal WHERE line = 'N' AND id <> ?", (entry_id,)).fetchone()
    return {**json.loads(row[0]), "id": entry_id}
