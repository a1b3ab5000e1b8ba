from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class EventBus(Protocol):
    """Where events leave the product. Whoever listens dedupes by `id`: an event may be delivered more than once, and before
    or after any other."""

    def publish(self, events: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        """Hand over CloudEvents (JSON objects with `id` and `type`), within five seconds whatever happens.

        What it returns are the ids of those that were not taken, in their order, to be published again; every other one
        is durable at the bus. An outage may hide that one was taken: then its id is among them. Raises Unavailable when
        none was taken. No events: nothing is asked.
        """
        ...
