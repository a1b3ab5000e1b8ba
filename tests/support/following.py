"""A home's journal followed by hand, batch by batch, and a subscriber that keeps what it is told."""

from typing import Any

from examples.subscriber.handler import Memory, apply
from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.runtime.consumer import stream
from llm_config_domain.errors import Unavailable
from llm_config_local.follower import Came, Follower
from tests.support.homes import EmbeddedKit


class Subscriber:
    """Listens to a bus. While it is `deaf` it takes nothing, as a bus that is down."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.held = Memory()
        self.deaf = False

    def __call__(self, event: Any) -> None:
        if self.deaf:
            raise Unavailable("nobody listens")
        self.heard.append(event)
        apply(event, self.held)

    @property
    def ids(self) -> list[str]:
        return [event["id"] for event in self.heard]


def follower(kit: EmbeddedKit) -> Follower:
    """As `serve` makes it, but for its thread."""
    return Follower(kit.family.store, PUBLISH_CHANGES.name, stream(PUBLISH_CHANGES, kit.provide))


def follow(following: Follower) -> list[Came]:
    """Batch after batch until there is nothing more, or one fails: what came of each."""
    came = [following.step()]
    while came[-1] is Came.DELIVERED:
        came.append(following.step())
    return came
