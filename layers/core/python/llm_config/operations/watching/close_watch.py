"""Forget a connection that has ended."""

from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.ports.watchers import Watchers
from llm_config_contract.watching import CloseWatch


def close_watch(request: CloseWatch, *, watchers: Watchers) -> Answer:
    watchers.close(request.connection)
    return Answer(None)


CLOSE_WATCH = Task(
    name="close_watch",
    summary="Forget a WebSocket that has ended",
    action="configs:read",
    request=CloseWatch,
    run=close_watch,
    recorded=None,
    trigger=Trigger.SOCKET,
    route="$disconnect",
)
