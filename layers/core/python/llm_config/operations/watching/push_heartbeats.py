"""Tell every watcher that the service is there, or what it was not told of yet; and end what has ended."""

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
from llm_config_contract.watching import Pushed, PushHeartbeats


def push_heartbeats(
    request: PushHeartbeats,
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
    pushes.beat()
    return Answer(Pushed(messages=pushes.messages))


PUSH_HEARTBEATS = Task(
    name="push_heartbeats",
    summary="Tell every watcher that the service is there",
    action="configs:read",
    request=PushHeartbeats,
    run=push_heartbeats,
    recorded=None,
    trigger=Trigger.SCHEDULE,
    every_minutes=1,
)
