"""The figure: the event bus is down for an hour while 10,000 changes are made, and then it is back."""

import sys
from pathlib import Path
from typing import Any, Protocol

import pytest

from llm_config.ports.config_writer import Step
from llm_config_domain import times
from llm_config_domain.configs.changes import Replacement
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.names import Name, TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.versions import Preconditions
from llm_config_local.follower import Came
from tests.support.clocks import SteppedClock
from tests.support.following import Subscriber, follow, follower
from tests.support.homes import EmbeddedKit, embedded

CHANGES, AT_ONCE, KEYS = 10_000, 25, 500
NAMESPACES = ("gateway", "team/a", "team/b", "flags")
HOUR = 3600
TRIED = 20
"""How often the follower comes to a bus that is down."""


class Ports(Protocol):
    """A home of either family."""

    def provide(self, port: str) -> Any: ...


def step_of(kit: Ports, tenant: TenantId, number: int) -> Step:
    """Change number `number`: the keys of a batch are all different, and every key comes again and again."""
    batch, place = divmod(number, AT_ONCE)
    key = (batch * AT_ONCE + place) % KEYS
    name = Name(tenant, NAMESPACES[batch % len(NAMESPACES)], f"key-{key}", "production")
    ids = kit.provide("identifiers")
    told = {"value": str(number), "classification": "internal", "tags": {}}
    change = Replacement(author="user:ana", new_id=ids.ulid(), preconditions=Preconditions(), **told)  # type: ignore[arg-type]
    at, resource = times.rfc3339(kit.provide("clock").now()), Resource("configs", name.path, name.environment)
    actor, action = Actor("user:ana", "user", ("operator",)), "configs:write"
    entry = JournalEntry(ids.ulid(), at, tenant, "", "info", actor, action, resource, Result("success"), "r")
    return Step(name, change, entry)


def versions(kit: EmbeddedKit, tenant: TenantId) -> dict[str, int]:
    """The newest version of each config, as the store has it."""
    with kit.family.store.snapshot() as db:
        rows = db.execute("SELECT namespace, key, version FROM config_heads WHERE tenant = ?", (tenant,)).fetchall()
    return {f"tenant/{tenant}/config/{namespace}/{key}#production": version for namespace, key, version in rows}


def fed(kit: Ports, tenant: TenantId) -> list[list[tuple[int, str]]]:
    """(revision, id) of each change of the feed, namespace by namespace, as it is given."""
    feed, found = kit.provide("change_feed"), []
    for namespace, _ in feed.lines(tenant, "*", "", 100):
        line: list[tuple[int, str]] = []
        while changes := feed.changes(tenant, namespace, line[-1][0] if line else 0, 500):
            line += [(change.revision, f"{change.name.key}@{change.version}") for change in changes]
        found.append(line)
    return found


@pytest.mark.parametrize("net", [pytest.param("", id="fault: an hour without the event bus")])
def test_after_an_hour_without_the_bus_every_change_is_told_and_subscribers_hold_the_newest(
    tmp_path: Path, net: str, capsys: pytest.CaptureFixture[str]
) -> None:
    clock, subscriber = SteppedClock(), Subscriber()
    with embedded(tmp_path, clock=clock) as kit:
        acme = kit.tenant("acme")
        kit.family.event_bus.listen(subscriber)
        following, writer = follower(kit), kit.provide("config_writer")
        follow(following)
        before = len(subscriber.heard)
        subscriber.deaf = True
        batches = CHANGES // AT_ONCE
        for batch in range(batches):
            steps = [step_of(kit, acme, batch * AT_ONCE + place) for place in range(AT_ONCE)]
            writer.write(steps, idempotency=None)
            clock.step(HOUR / batches)
            if batch % (batches // TRIED) == 0:
                assert following.step() is Came.FAILED
        assert len(subscriber.heard) == before
        subscriber.deaf = False
        follow(following)
        events = subscriber.heard[before:]
        newest = {name: data["version"] for name, data in subscriber.held.items() if "/config/" in name}
        lines = fed(kit, acme)
        assert len({event["id"] for event in events}) == len(events) == CHANGES
        assert newest == versions(kit, acme) and sum(newest.values()) == CHANGES
        assert [sorted(line, key=lambda one: one[0]) for line in lines] == lines, "the feed is out of order"
        assert sum(len(set(line)) for line in lines) == CHANGES
    with capsys.disabled():
        told = f"{len(events)} distinct events of {CHANGES} changes, subscriber in the newest state, feed in order"
        sys.stdout.write(f"\nan hour without the event bus: {told}\n")
