"""The event bus of one process: whoever listens is called with each event, in the order in which they come."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from llm_config_domain.errors import Refusal, Unavailable

Listener = Callable[[Mapping[str, Any]], None]


class LocalBus:
    """Implements `event_bus`. An event is taken when every listener has returned; one that raises a Refusal has not, and
    then none behind it is taken either: nobody sees a later event before an earlier one."""

    def __init__(self) -> None:
        self._listeners: tuple[Listener, ...] = ()

    def listen(self, listener: Listener) -> None:
        """From now on `listener` is called with each event, by the thread that publishes it."""
        self._listeners = (*self._listeners, listener)

    def publish(self, events: Sequence[Mapping[str, Any]]) -> Sequence[str]:
        for taken, event in enumerate(events):
            try:
                self._tell(event)
            except Refusal as refusal:
                if not taken:
                    raise Unavailable("nobody takes events now") from refusal
                return tuple(left["id"] for left in events[taken:])
        return ()

    def _tell(self, event: Mapping[str, Any]) -> None:
        for listener in self._listeners:
            listener(event)
