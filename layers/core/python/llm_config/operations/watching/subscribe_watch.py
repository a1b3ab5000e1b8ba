"""Take what a watcher says: the one message that subscribes, and tell what is behind its place at once."""

from pydantic import ValidationError

from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.operations.watching.pushes import Pushes
from llm_config.ports.access_log import AccessLog
from llm_config.ports.api_key_reader import ApiKeyReader
from llm_config.ports.change_feed import ChangeFeed
from llm_config.ports.change_signal import ChangeSignal
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.journal import Journal
from llm_config.ports.watcher_lines import WatcherLines
from llm_config.ports.watchers import Watchers
from llm_config_contract.watching import MAX_MESSAGE_BYTES, Pushed, Subscribe, SubscribeWatch
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, Refusal, TooLarge
from llm_config_domain.watchers import Subscription


def subscribe_watch(
    request: SubscribeWatch,
    *,
    access_log: AccessLog,
    api_key_reader: ApiKeyReader,
    change_feed: ChangeFeed,
    change_signal: ChangeSignal,
    clock: Clock,
    identifiers: Identifiers,
    journal: Journal,
    watcher_lines: WatcherLines,
    watchers: Watchers,
) -> Answer:
    pushes = Pushes(
        access_log,
        api_key_reader,
        change_feed,
        change_signal,
        clock,
        identifiers,
        journal,
        watcher_lines,
        watchers,
    )
    watcher = watchers.at(request.connection)
    if watcher is None:
        watcher_lines.close(request.connection)
        return Answer(Pushed(messages=0))
    try:
        pushes.subscribe(watcher, _asked(request.message))
    except Refusal as refusal:
        pushes.end(request.connection, refusal)
    return Answer(Pushed(messages=pushes.messages))


def _asked(text: str) -> Subscription:
    """Raises Malformed, TooLarge."""
    if len(text.encode()) > MAX_MESSAGE_BYTES:
        raise TooLarge("the message is larger than this takes", limit=MAX_MESSAGE_BYTES)
    told = json_text.read(text)
    try:
        asked = Subscribe.model_validate(told)
    except ValidationError:
        raise Malformed("subscribe with action, namespace, since and environment: docs/watching.md") from None
    return Subscription(asked.namespace, asked.environment, asked.since)


SUBSCRIBE_WATCH = Task(
    name="subscribe_watch",
    summary="Subscribe a WebSocket to the feed",
    action="configs:read",
    request=SubscribeWatch,
    run=subscribe_watch,
    recorded=None,
    trigger=Trigger.SOCKET,
    route="$default",
)
