"""The figure: the event bus is down for longer than the journal's stream remembers, and then the sweep tells everything."""

import sys
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.names import TenantId
from tests.faults.test_bus_outage import AT_ONCE, CHANGES, fed, step_of
from tests.functions.test_sweeping import stand_before
from tests.support.families import HomeUnderTest
from tests.support.nets import EVERY_OTHER
from tests.support.sweeping import CONSUMER, home_of, sweep

FEW = 300
HOUR = 3600
MAX_WALKS = 100


def outlast(home: HomeUnderTest, tenant: TenantId, changes: int, hours: int) -> None:
    """So many changes while the bus is down, with a walk of the sweep now and then; the stream gives them up."""
    bus, batches = stand_before(home, down=True), changes // AT_ONCE
    for batch in range(batches):
        steps = [step_of(home, tenant, batch * AT_ONCE + place) for place in range(AT_ONCE)]
        home.provide("config_writer").write(steps, idempotency=None)
        home.clock.step(hours * HOUR / batches)
        if batch and batch % (batches // 4) == 0:
            assert not sweep(home)
    bus.down = False


def told(taken: list[Any]) -> dict[str, int]:
    """The newest version of each config, to whoever applies each event once and by compare-and-set."""
    held: dict[str, dict[str, Any]] = {}
    for event in taken:
        data = event["data"]
        if data["revision"] > held.get(event["subject"], {"revision": 0})["revision"]:
            held[event["subject"]] = data
    return {name: data["version"] for name, data in held.items() if "/config/" in name}


@EVERY_OTHER
@pytest.mark.parametrize(
    ("family", "hours", "changes"),
    [
        pytest.param("sqlite", 1, FEW, id="fault: an hour without the event bus and the follower"),
        pytest.param("dynamodb", 1, FEW, id="fault: an hour without the event bus and the stream"),
        pytest.param("sqlite", 25, FEW, id="fault: a day without the event bus and the follower"),
        pytest.param("dynamodb", 25, FEW, id="fault: a day without the event bus, forgotten by the stream"),
        # moto copies what it holds at each transaction: there this many take longer than a test may.
        pytest.param(
            "sqlite", 25, CHANGES, id="fault: 10,000 changes in a day without the bus", marks=pytest.mark.deep
        ),
    ],
)
def test_what_the_stream_forgot_is_told_and_subscribers_hold_the_newest(
    tmp_path: Path, family: str, hours: int, changes: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with home_of(family, tmp_path) as home:
        acme, taken = home.tenant("acme"), home.listen()
        outlast(home, acme, changes, hours)
        assert taken() == []
        home.clock.step(2 * 60)
        walks = 0
        while home.provide("journal_marks").stopped_at(CONSUMER) or not walks:
            assert sweep(home) and walks < MAX_WALKS
            walks += 1
        events = [event for event in taken() if "/config/" in event["subject"]]
        lines = fed(home, acme)
        assert len({event["id"] for event in events}) == len(events) == changes
        assert sum(told(events).values()) == changes
        assert [sorted(line, key=lambda one: one[0]) for line in lines] == lines, "the feed is out of order"
        assert sum(len(set(line)) for line in lines) == changes
        before = len(taken())
        assert sweep(home) and len(taken()) == before, "a mark did not move"
    with capsys.disabled():
        figures = f"{len(events)} distinct events of {changes} changes in {walks} walks, feed in order"
        sys.stdout.write(f"\n{hours} h without the bus, {family}, stream gone: {figures}\n")
