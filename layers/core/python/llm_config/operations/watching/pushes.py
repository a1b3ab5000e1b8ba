"""What watchers are told: each message an answer of `list_changes` to the watcher's own caller, from its place on.

One at a time tells a watcher: the turn is taken by a conditional write, and the place moves when the message was sent, so
messages keep their order and what a crash cuts off is told again. Whoever finds the turn taken keeps the row as it is,
which moves its version: who has the turn loses its next write, and looks once more.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from llm_config.operations.configs.list_changes import LIST_CHANGES
from llm_config.operations.perform import perform
from llm_config.ports.access_log import AccessLog
from llm_config.ports.api_key_reader import ApiKeyReader
from llm_config.ports.change_feed import ChangeFeed
from llm_config.ports.change_signal import ChangeSignal
from llm_config.ports.clock import Clock
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.journal import Journal
from llm_config.ports.watcher_lines import MAX_MESSAGE_BYTES, WatcherLines
from llm_config.ports.watchers import Watchers
from llm_config_contract.configs import Changes, ChangeView, ListChangesRequest
from llm_config_contract.problems import Problem
from llm_config_contract.watching import message
from llm_config_domain import json_text, times
from llm_config_domain.errors import Contended, Malformed, NotFound, Refusal, Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.watchers import Subscription, Watcher

CHANGES_IN_A_MESSAGE = 100
SECONDS = 15.0
"""After so long no turn begins and no further message is sent: a minute later comes the next."""
TRIES = 5
NOTED = 50
"""As often it is tried to note what was sent: each time that it fails another one was woken, and what is not noted is sent
again."""


@dataclass
class Pushes:
    access_log: AccessLog
    api_key_reader: ApiKeyReader
    change_feed: ChangeFeed
    change_signal: ChangeSignal
    clock: Clock
    identifiers: Identifiers
    journal: Journal
    watcher_lines: WatcherLines
    watchers: Watchers
    messages: int = 0

    def __post_init__(self) -> None:
        self._ends = self.clock.monotonic() + SECONDS

    def run_for(self, tenants: Iterable[str]) -> list[str]:
        """Tell the watchers of these tenants; those of them that could not be looked after. What there is no time for is
        the minute's."""
        return [tenant for tenant in tenants if not self._served(TenantId(tenant), beats=False)]

    def beat(self) -> None:
        """Every watcher: what is new, or that the service is there; and who is late or whose credential ended, ends. Those of
        whom nothing can be told now have the next minute."""
        tenants = self.watchers.tenants()
        first = self.clock.now().minute % max(len(tenants), 1)  # so that none is always the last
        for tenant in (*tenants[first:], *tenants[:first]):
            self._served(tenant, beats=True)

    def subscribe(self, watcher: Watcher, asked: Subscription) -> None:
        """Begin. Raises Malformed for one that has begun, Contended."""
        if watcher.subscription is not None:
            raise Malformed("a connection takes one message: open another for another subscription")
        begun = self.watchers.keep(watcher.subscribed(asked, self.clock.now()))
        self._tell(begun, first=True)

    def end(self, connection: str, refusal: Refusal) -> None:
        """Say why, and close."""
        problem = Problem.of(refusal, self.identifiers.ulid(), refusal.retry_after)
        with suppress(NotFound):
            self._post(connection, "end", json_text.write(problem.model_dump(exclude_none=True)))
        self.watcher_lines.close(connection)
        self.watchers.close(connection)

    def _served(self, tenant: TenantId, *, beats: bool) -> bool:
        served = True
        for watcher in sorted(self.watchers.of(tenant), key=lambda one: one.told_at):
            if self._is_over():
                break
            try:
                self._turn(watcher, beats=beats)
            except Unavailable:
                served = False
        return served

    def _turn(self, found: Watcher, *, beats: bool) -> None:
        """Raises Unavailable."""
        watcher: Watcher | None = found
        for _ in range(TRIES):
            if watcher is None:
                return None
            if watcher.is_late(self.clock.now()):
                return self.end(watcher.connection, Unavailable("nothing was subscribed: connect again, and subscribe"))
            if watcher.subscription is None:
                return None
            is_told = watcher.is_told(self.clock.now())
            try:
                taken = self.watchers.keep(watcher if is_told else watcher.taken(self.clock.now()))
            except Contended:
                watcher = self.watchers.at(watcher.connection)
                continue
            return None if is_told else self._tell(taken, beats=beats)
        raise Contended

    def _tell(self, watcher: Watcher, *, first: bool = False, beats: bool = False) -> None:
        """Everything behind its place, then the turn is another's."""
        try:
            self._tell_all(watcher, first=first, beats=beats)
        except NotFound:
            self.watchers.close(watcher.connection)
        except Unavailable:
            self._give_back(watcher.connection)
            raise
        except Refusal as refusal:
            self.end(watcher.connection, refusal)

    def _give_back(self, connection: str) -> None:
        """A turn that came to nothing is another's at once, where that can be said."""
        with suppress(Unavailable):
            found = self.watchers.at(connection)
            if found is not None:
                self.watchers.keep(found.left())

    def _tell_all(self, watcher: Watcher, *, first: bool, beats: bool) -> None:
        told: Watcher | None = watcher
        while told is not None and told.subscription is not None:
            page = self._page(told, told.subscription)
            is_news = first or page.gap is not None or page.next != told.subscription.place
            if is_news:
                self._post(told.connection, "gap" if page.gap else "changes", _text(page))
            elif beats:
                self._post(told.connection, "heartbeat", json_text.write({"next": page.next}))
            first = beats = False
            moved = told.told(page.next, self.clock.now())
            told = self._kept(moved if is_news and not self._is_over() else moved.left(), page.next)
            if told is not None and not told.turn_ends:
                return

    def _kept(self, watcher: Watcher, place: str) -> Watcher | None:
        """What stands now: where somebody came meanwhile the turn goes on, from the same place."""
        for _ in range(NOTED):
            try:
                return self.watchers.keep(watcher)
            except Contended:
                found = self.watchers.at(watcher.connection)
                if found is None:
                    return None
                watcher = found.told(place, self.clock.now())
        raise Contended

    def _page(self, watcher: Watcher, subscription: Subscription) -> Changes:
        """Raises what `list_changes` raises, and Unauthenticated when the credential has ended."""
        key = self.api_key_reader.held(watcher.api_key) if watcher.api_key else None
        watcher.check(times.rfc3339(self.clock.now()), key.key if key else None)
        asked = ListChangesRequest(
            namespace=subscription.namespace,
            environment=subscription.environment,
            since=subscription.place,
            limit=CHANGES_IN_A_MESSAGE,
            on_gap="tell",
        )
        answer = perform(LIST_CHANGES, asked, watcher.caller, self.identifiers.ulid(), lambda port: getattr(self, port))
        assert isinstance(answer.body, Changes)
        return answer.body

    def _post(self, connection: str, kind: str, text: str) -> None:
        self.watcher_lines.post(connection, message(kind, text))
        self.messages += 1

    def _is_over(self) -> bool:
        return self.clock.monotonic() > self._ends


def _text(page: Changes) -> str:
    """A page that no message can hold is told without its values, as a value over 32 KiB always is: they are read."""
    text = json_text.write(page.model_dump(by_alias=True))
    if len(message("changes", text).encode()) <= MAX_MESSAGE_BYTES:
        return text
    bare = [_without_value(change) for change in page.changes]
    return json_text.write(page.model_copy(update={"changes": bare}).model_dump(by_alias=True))


def _without_value(change: ChangeView) -> ChangeView:
    return ChangeView(**{name: getattr(change, name) for name in ChangeView.model_fields if name != "value"})
