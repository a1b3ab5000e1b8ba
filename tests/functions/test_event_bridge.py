"""EventBridge as it can be: it refuses some entries of a request, or all of them, or does not answer."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from llm_config.adapters.eventbridge.event_bus import MAX_BYTES, MAX_ENTRIES, EventBridgeBus
from llm_config.runtime import aws_clients
from llm_config_domain.errors import Unavailable
from tests.conformance.test_event_bus import event_number
from tests.support.aws import BUS
from tests.support.clocks import SteppedClock

Refuses = Callable[[str, int], bool]
"""(event's id, how often it was put before) -> is it refused this time?"""


class Bus:
    """Answers as PutEvents does, and refuses what it is told to."""

    def __init__(self, refuses: Refuses = lambda event_id, before: False, *, down: int = 0) -> None:
        self._refuses, self._down = refuses, down
        self.requests: list[list[str]] = []
        self.entries: list[dict[str, Any]] = []
        self.taken: list[str] = []

    def put_events(self, **asked: list[dict[str, Any]]) -> dict[str, Any]:
        self.entries += asked["Entries"]
        ids = [json.loads(entry["Detail"])["id"] for entry in asked["Entries"]]
        before = [sum(one in request for request in self.requests) for one in ids]
        self.requests.append(ids)
        if len(self.requests) <= self._down:
            raise ClientError({"Error": {"Code": "ThrottlingException"}}, "PutEvents")
        refused = [self._refuses(*told) for told in zip(ids, before, strict=True)]
        self.taken += [one for one, no in zip(ids, refused, strict=True) if not no]
        return {"Entries": [{"ErrorCode": "InternalFailure"} if no else {"EventId": "1"} for no in refused]}


def published(bus: Bus, *events: dict[str, Any], hurry: float = 0.5) -> list[str]:
    clock = SteppedClock()
    clock.hasten(hurry)
    return list(EventBridgeBus(bus, BUS, clock).publish(events))


EVENTS = [event_number(number) for number in range(25)]
IDS = [event["id"] for event in EVENTS]


def test_a_request_holds_ten_entries() -> None:
    bus = Bus()
    assert published(bus, *EVENTS, hurry=0) == []
    assert [len(request) for request in bus.requests] == [MAX_ENTRIES, MAX_ENTRIES, 5]
    assert bus.taken == IDS


def test_a_request_holds_no_more_than_256_kilobytes() -> None:
    bus = Bus()
    fitting = event_number(0, "x" * 80_000)
    assert published(bus, *[{**fitting, "id": one} for one in IDS[:7]], hurry=0) == []
    assert [len(request) for request in bus.requests] == [3, 3, 1]


def test_characters_of_several_bytes_count_as_these() -> None:
    bus = Bus()
    events = [event_number(number, "世" * (MAX_BYTES // 6)) for number in range(2)]
    assert published(bus, *events, hurry=0) == []
    assert [len(request) for request in bus.requests] == [1, 1]


def test_what_was_refused_is_sent_again_alone() -> None:
    bus = Bus(lambda event_id, before: event_id == IDS[3] and not before)
    assert published(bus, *EVENTS[:5]) == []
    assert bus.requests == [IDS[:5], [IDS[3]]]


def test_what_is_refused_every_time_is_named_and_nothing_else() -> None:
    bus = Bus(lambda event_id, before: event_id in (IDS[1], IDS[3]))
    assert published(bus, *EVENTS[:5]) == [IDS[1], IDS[3]]
    assert sorted(bus.taken) == [IDS[0], IDS[2], IDS[4]]


def test_a_bus_that_throttles_once_takes_everything_the_second_time() -> None:
    bus = Bus(down=1)
    assert published(bus, *EVENTS[:2]) == []
    assert bus.taken == IDS[:2]


def test_when_nothing_is_taken_within_the_limit_the_bus_is_unavailable() -> None:
    bus = Bus(down=1000)
    with pytest.raises(Unavailable):
        published(bus, *EVENTS[:2])
    assert 2 <= len(bus.requests) < 10


def test_no_request_begins_when_its_answer_would_come_too_late() -> None:
    """The clock takes a second a look: the requests behind the third are not begun."""
    bus = Bus()
    assert published(bus, *EVENTS, *[event_number(number) for number in range(25, 60)], hurry=1.0) != []
    assert len(bus.requests) <= 3


def test_two_events_with_one_id_are_one() -> None:
    bus = Bus()
    assert published(bus, EVENTS[0], EVENTS[0]) == []
    assert bus.taken == IDS[:1]


def test_an_entry_is_what_rules_match_on() -> None:
    bus = Bus()
    assert published(bus, EVENTS[0]) == []
    (entry,) = bus.entries
    assert (entry["EventBusName"], entry["Source"]) == (BUS, "llm-config-manager")
    assert (entry["DetailType"], entry["Time"]) == ("com.llm.config.updated", EVENTS[0]["time"])
    assert json.loads(entry["Detail"]) == EVENTS[0]


def test_the_client_waits_shortly_and_repeats_nothing_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "a",
    }.items():
        monkeypatch.setenv(name, value)
    aws_clients.client.cache_clear()
    config = aws_clients.client("events").meta.config
    aws_clients.client.cache_clear()
    assert (config.connect_timeout, config.read_timeout) == (1, 1)
    assert config.retries["total_max_attempts"] == 1
