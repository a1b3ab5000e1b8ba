"""ports/event_bus.py, promise by promise. What fails at the bus is tests/functions/test_event_bridge.py's, and the nets'."""

from typing import Any

import pytest

from tests.support.families import HomeUnderTest


def event_number(number: int, filler: str = "") -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"01HZZZZZZZZZZZZZZZZZ{number:06d}",
        "source": "llm-config-manager",
        "type": "com.llm.config.updated",
        "subject": "tenant/t/config/gateway/primary",
        "time": "2026-01-02T03:04:05.678Z",
        "datacontenttype": "application/json",
        "data": {"namespace": "gateway", "key": "primary", "version": number, "filler": filler},
    }


@pytest.mark.parametrize("count", [1, 2, 10, 11, 120])
def test_every_event_is_taken_as_it_is(home: HomeUnderTest, count: int) -> None:
    taken = home.listen()
    events = [event_number(number) for number in range(count)]
    assert list(home.provide("event_bus").publish(events)) == []
    assert taken() == events


def test_no_events_are_no_event(home: HomeUnderTest) -> None:
    taken = home.listen()
    assert list(home.provide("event_bus").publish([])) == []
    assert taken() == []


def test_many_large_events_are_taken_too(home: HomeUnderTest) -> None:
    taken = home.listen()
    events = [event_number(number, "x" * 100_000) for number in range(7)]
    assert list(home.provide("event_bus").publish(events)) == []
    assert taken() == events


@pytest.mark.parametrize("text", ["Grüße, 世界 \u2028", '"quoted" \\ and \n a line', "\x00"])
def test_text_comes_out_as_it_went_in(home: HomeUnderTest, text: str) -> None:
    taken = home.listen()
    home.provide("event_bus").publish([event_number(1, text)])
    assert [event["data"]["filler"] for event in taken()] == [text]


def test_the_same_event_may_be_published_again(home: HomeUnderTest) -> None:
    taken = home.listen()
    for _ in range(2):
        assert list(home.provide("event_bus").publish([event_number(1)])) == []
    assert taken() == [event_number(1)] * 2
