"""What the product tells of its changes, in both families, when the bus or the process fails: every change at least once,
its effect once, and no change told that was not made."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from examples.subscriber.handler import Memory, apply
from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.runtime.consumer import stream
from llm_config_domain.events import cloud_event
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import PLATFORM
from llm_config_local.adapters.faulty import EVERY, SLOW_SECONDS, Crashed, Fault, Faults, Kind, unavailable
from llm_config_local.follower import BATCH, Came
from tests.faults.test_fault_matrix import AWS_FAILS
from tests.support.aws import AwsKit, on_aws
from tests.support.aws_calls import PUT_EVENTS
from tests.support.following import Subscriber, follow, follower
from tests.support.golden import journal_of
from tests.support.homes import EmbeddedKit, Kit, embedded
from tests.support.nets import IN_TURN

FAMILIES = ("sqlite", pytest.param("dynamodb", marks=IN_TURN))
CASES = (
    ("put_config", "updated"),
    ("activate_secret", "activated"),
    ("move_secret", "moved"),
    ("delete_namespace", "deleted"),
    ("delete_api_key", "revoked"),
)
BATCHES = 3
Fails = Callable[[], BaseException]


class Source:
    """The journal of one family, followed as its home follows it: what failed comes again."""

    def __init__(self, kit: Kit) -> None:
        self.kit, self.whole = kit, dict(kit.factories)

    def written(self) -> list[str]:
        """The ids of all events that there must be."""
        return [event["id"] for entry in self.entries() if (event := cloud_event(entry))]

    def entries(self) -> list[JournalEntry]:
        raise NotImplementedError

    def taken(self) -> list[Any]:
        """What the bus took, in its order."""
        raise NotImplementedError

    def deliver(self) -> bool:
        """Give the consumer what it has not been given. Is there nothing left?"""
        raise NotImplementedError


class SqliteSource(Source):
    def __init__(self, kit: EmbeddedKit) -> None:
        super().__init__(kit)
        self._family, self._subscriber = kit.family, Subscriber()
        kit.family.event_bus.listen(self._subscriber)

    def entries(self) -> list[JournalEntry]:
        with self._family.store.snapshot() as db:
            rows = db.execute("SELECT entry FROM journal ORDER BY sequence").fetchall()
        return [JournalEntry.from_record(json.loads(text)) for (text,) in rows]

    def taken(self) -> list[Any]:
        return self._subscriber.heard

    def deliver(self) -> bool:
        assert isinstance(self.kit, EmbeddedKit)
        return follow(follower(self.kit))[-1] is Came.NOTHING


class DynamoSource(Source):
    """The stream's records as Lambda hands them over: from the first one that failed, all of them again."""

    def __init__(self, kit: AwsKit) -> None:
        super().__init__(kit)
        self._account, self._done = kit.account, 0

    def entries(self) -> list[JournalEntry]:
        faults, self._account.faults = self._account.faults, {}
        rows = self._account.rows("journal")
        self._account.faults = faults
        found = [JournalEntry.from_record(json.loads(row["entry"]["S"])) for row in rows]
        return sorted(found, key=lambda entry: entry.id)

    def taken(self) -> list[Any]:
        return [json.loads(entry["Detail"]) for entry in self._account.events]

    def deliver(self) -> bool:
        records = [record(number, entry) for number, entry in enumerate(self.entries())][self._done :]
        handler = stream(PUBLISH_CHANGES, self.kit.provide)
        for first in range(0, len(records), BATCH):
            batch = records[first : first + BATCH]
            failed = {one["itemIdentifier"] for one in handler({"Records": batch}, None)["batchItemFailures"]}
            left = [place for place, one in enumerate(batch) if one["dynamodb"]["SequenceNumber"] in failed]
            self._done += left[0] if left else len(batch)
            if left:
                return False
        return True


def record(number: int, entry: JournalEntry) -> dict[str, Any]:
    image = {"entry": {"S": json.dumps(entry.to_record())}}
    return {"eventName": "INSERT", "dynamodb": {"SequenceNumber": str(number), "NewImage": image}}


@contextmanager
def changed(family: str, directory: Path, count: int = BATCHES * 10) -> Iterator[Source]:
    """A home in which some things were changed, and nothing was told of it yet."""
    with embedded(directory) if family == "sqlite" else on_aws(directory) as kit:
        acme = kit.tenant("acme")
        for number in range(count):
            url = f"/api/v1/configs/gateway/key-{number % 7}?environment=production"
            assert kit.call("PUT", url, {"value": number}, token=kit.token(acme, "operator")).status < 300
        assert kit.call("DELETE", url, token=kit.token(acme, "viewer")).status == 403
        yield SqliteSource(kit) if isinstance(kit, EmbeddedKit) else DynamoSource(kit)


def strike(source: Source, fault: Fault, fail: Fails = unavailable) -> list[float]:
    """The bus fails so from now on; the list fills with its sleeps."""
    slept: list[float] = []

    def crash() -> None:
        raise Crashed

    faults = Faults([fault], fail=fail, sleep=slept.append, crash=crash)
    source.kit.factories = {**source.whole, **faults.around({"event_bus": source.whole["event_bus"]})}
    source.kit.forget()
    return slept


def check_told(source: Source) -> None:
    """Every change at least once and nothing else; whoever applies by compare-and-set holds the newest."""
    taken, written = source.taken(), source.written()
    assert {event["id"] for event in taken} == set(written)
    assert held(taken) == newest(source.entries())


def held(events: Any) -> Memory:
    memory = Memory()
    for event in events:
        apply(event, memory)
    return memory


def newest(entries: list[JournalEntry]) -> Memory:
    """The event of the highest revision of each name."""
    events = [event for entry in entries if (event := cloud_event(entry)) and event["data"]["revision"]]
    events.sort(key=lambda event: int(event["data"]["revision"]))
    return Memory({f"{event['subject']}#{event['data']['environment'] or ''}": event["data"] for event in events})


POINTS = [
    pytest.param(kind, nth, id=f"fault: publish_changes, {kind} at call {nth or 'every'}")
    for kind in (Kind.ERROR, Kind.TIMEOUT, Kind.SLOW, Kind.AFTER_EFFECT)
    for nth in (1, 2, EVERY)
]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("kind", "nth"), POINTS)
def test_whatever_the_bus_does_every_change_is_told(tmp_path: Path, family: str, kind: Kind, nth: int | None) -> None:
    with changed(family, tmp_path, 3) as source:
        slept = strike(source, Fault("event_bus", "publish", nth, kind))
        delivered = [source.deliver() for _ in range(3)]
        assert bool(slept) == (kind is Kind.SLOW and (nth or 1) == 1) and set(slept) <= {SLOW_SECONDS}
        if nth is EVERY and kind is not Kind.SLOW:
            assert delivered == [False] * 3
            strike(source, Fault("event_bus", "publish", 1000, kind))
            assert source.deliver()
        else:
            assert delivered[-1]
        check_told(source)


@pytest.mark.parametrize(
    "nth", [pytest.param(nth, id=f"fault: publish_changes, call {nth} of AWS") for nth in (1, 2, 4)]
)
@pytest.mark.parametrize("fails", AWS_FAILS)
@IN_TURN
def test_whatever_aws_does_every_change_is_told(tmp_path: Path, fails: str, nth: int) -> None:
    with changed("dynamodb", tmp_path) as source:
        assert isinstance(source.kit, AwsKit)
        calls = iter(range(1, 1000))
        strikes = AWS_FAILS[fails]
        source.kit.account.faults[PUT_EVENTS] = lambda call: strikes(call) if next(calls) == nth else call()
        while not source.deliver():
            pass
        check_told(source)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("kind", "nth"),
    [
        pytest.param(kind, nth, id=f"crash: publish_changes {when} call {nth}")
        for when, kind in {"before": Kind.CRASH, "after": Kind.AFTER_EFFECT}.items()
        for nth in (1, 2)
    ],
)
def test_a_crash_while_it_publishes_loses_no_change(tmp_path: Path, family: str, kind: Kind, nth: int) -> None:
    with changed(family, tmp_path, BATCH + 5) as source:
        strike(source, Fault("event_bus", "publish", nth, kind), Crashed)
        with pytest.raises(Crashed):
            source.deliver()
        assert source.deliver()
        check_told(source)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "nth", [pytest.param(nth, id=f"crash: publish_changes, call {nth} of AWS") for nth in (1, 2, 4)]
)
@IN_TURN
def test_a_crash_at_any_call_of_aws_loses_no_change(tmp_path: Path, nth: int, when: str) -> None:
    with changed("dynamodb", tmp_path) as source:
        assert isinstance(source.kit, AwsKit)
        calls = iter(range(1, 1000))

        def crashing(call: Callable[[], Any]) -> Any:
            if next(calls) != nth:
                return call()
            if when == "after":
                call()
            raise Crashed

        source.kit.account.faults[PUT_EVENTS] = crashing
        with pytest.raises(Crashed):
            source.deliver()
        assert source.deliver()
        check_told(source)


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> list[JournalEntry]:
    """Changes of every kind: those of each golden case are of one tenant of their own."""
    found = []
    for number, (operation, case) in enumerate(CASES):
        entries = journal_of(operation, case, tmp_path_factory.mktemp("case"))
        found += [_apart(entry, number) for entry in entries if entry.tenant != PLATFORM]
    return found


def _apart(entry: JournalEntry, number: int) -> JournalEntry:
    return JournalEntry.from_record({**entry.to_record(), "tenant": f"tenant-{number}", "id": f"{number}-{entry.id}"})


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32), often=st.integers(1, 4))
def test_duplicates_in_any_order_leave_a_subscriber_in_the_newest_state(
    journal: list[JournalEntry], seed: int, often: int
) -> None:
    assert len(journal) > 10
    events = [event for entry in journal if (event := cloud_event(entry))] * often
    random.Random(seed).shuffle(events)
    assert held(events) == newest(journal)
