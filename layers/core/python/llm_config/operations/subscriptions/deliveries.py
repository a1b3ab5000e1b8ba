"""Deliveries by webhook: what stands behind a subscription's marks is sent, line by line and in the order of each.

A failure ends the turn of its subscription: what is behind it waits with it, so that nothing overtakes, and the next turn
comes when its retry is due. Marks are kept each hundred rows, so what a crash repeats has the same `webhook-id`.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic import ValidationError

from llm_config.ports.clock import Clock
from llm_config.ports.delivery_states import DeliveryStates
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.journal_lines import JournalLines
from llm_config.ports.journal_marks import JournalMarks
from llm_config.ports.subscription_reader import SubscriptionReader
from llm_config.ports.subscription_writer import SubscriptionWriter
from llm_config.ports.unsealer import Unsealer
from llm_config.ports.webhook_sender import WebhookSender
from llm_config_contract.journal import JournalRow
from llm_config_contract.subscriptions import Delivered
from llm_config_domain import times
from llm_config_domain.errors import NotFound, TargetRefused, Unavailable
from llm_config_domain.events import cloud_event
from llm_config_domain.journal import Actor, JournalEntry, Result
from llm_config_domain.lines import Done, Line, LineRow, Mark, Place
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
from llm_config_domain.secrets.values import Plaintext
from llm_config_domain.subscriptions import MAX_SUBSCRIPTIONS, DeliveryState, HeldSubscription, Subscription

WALK = "deliver_webhooks"
AT_ONCE = 100
SUBSCRIPTIONS = 1000
SENT = 50
"""To one subscriber in one turn: then it is another's."""
SECONDS = 10.0
"""After so long no turn begins and nothing more is sent; one request takes at most fifteen."""
GONE = "gone"
Event = Mapping[str, Any]


class Failed(Exception):
    """A delivery did not come through; `kind` is a word for people."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass
class Deliveries:
    clock: Clock
    identifiers: Identifiers
    lines: JournalLines
    marks: JournalMarks
    reader: SubscriptionReader
    sender: WebhookSender
    states: DeliveryStates
    unsealer: Unsealer
    writer: SubscriptionWriter
    sent: int = 0

    def run(self) -> Delivered:
        """One walk over the subscriptions, from where the last one stopped."""
        self._ends = self.clock.monotonic() + SECONDS
        stop = before = self.marks.stopped_at(WALK)
        found = self.reader.active(stop, SUBSCRIPTIONS)
        for tenant, subscription_id in found:
            if self._is_over():
                break
            self._turn(tenant, subscription_id)
            stop = f"{tenant}#{subscription_id}"
        else:
            stop = stop if len(found) == SUBSCRIPTIONS else ""
        if stop != before:
            self.marks.stop_at(WALK, stop)
        return Delivered(sent=self.sent)

    def run_for(self, tenants: Iterable[str]) -> list[str]:
        """The subscriptions of these tenants alone; those of them that could not be looked after. What there is no time for
        is the walk's."""
        self._ends = self.clock.monotonic() + SECONDS
        return [tenant for tenant in tenants if not self._served(TenantId(tenant))]

    def _served(self, tenant: TenantId) -> bool:
        with suppress(Unavailable):
            for owner, subscription_id in self.reader.active(tenant, MAX_SUBSCRIPTIONS):
                if owner != tenant or self._is_over():
                    break
                self._turn(owner, subscription_id)
            return True
        return False

    def _turn(self, tenant: TenantId, subscription_id: str) -> None:
        state = self.states.of(tenant, subscription_id)
        held = None if state.waits(self.clock.now()) else self.reader.held(tenant, subscription_id)
        if held is None:
            return
        before = self.sent
        try:
            self._send_all(held)
        except Failed as failed:
            self._failed(held.subscription, state, failed.kind)
            return
        if self.sent > before:
            self.states.keep(tenant, subscription_id, state.succeeded(self.clock.now()))

    def _failed(self, subscription: Subscription, state: DeliveryState, kind: str) -> None:
        now = self.clock.now()
        failed = state.failed(now, kind)
        self.states.keep(subscription.tenant, subscription.id, failed)
        if kind == GONE or failed.is_hopeless(now):
            with suppress(NotFound):  # it was deleted meanwhile
                self.writer.disable(subscription.tenant, subscription.id, entry=self._entry(subscription, kind))

    def _send_all(self, held: HeldSubscription) -> None:
        """Raises Failed at the first event that does not come through; what came before it is marked."""
        subscription, left = held.subscription, SENT
        marks, secret = self.marks.of(subscription.consumer, subscription.tenant), None
        for line, newest in self.lines.lines(subscription.tenant):
            place = marks.get(line, Mark()).next
            while subscription.follows(line) and place.revision <= newest:
                rows = self.lines.rows(line, place, AT_ONCE)
                secret = secret or self.unsealer.unseal(subscription.name, 1, held.secret)
                taken = self._send(subscription, line, rows, secret, left)
                left -= taken
                if left == 0 or not rows or self._is_over():
                    return
                place = rows[-1].next

    def _send(
        self, subscription: Subscription, line: Line, rows: Sequence[LineRow], secret: Plaintext, left: int
    ) -> int:
        """How many events were taken, at most `left`. The mark moves over what was, whatever comes after it."""
        done, failed, taken = list[LineRow](), set[Place](), 0
        try:
            for row in rows:
                event = _event(row)
                if event is None:
                    failed.add(row.place)
                elif event and subscription.wants(event):
                    self._post(subscription, secret, event)
                    taken += 1
                done.append(row)
                if taken == left or self._is_over():
                    break
        finally:
            self.sent += taken
            self.marks.move(subscription.consumer, {line: Done(done, frozenset(failed))})
        return taken

    def _post(self, subscription: Subscription, secret: Plaintext, event: Event) -> None:
        try:
            status = self.sender.send(subscription.url, secret, event)
        except TargetRefused as refused:
            raise Failed("refused") from refused
        except Unavailable as silent:
            raise Failed("unreachable") from silent
        if status == HTTPStatus.GONE:
            raise Failed(GONE)
        if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
            raise Failed("redirected")
        if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
            raise Failed(f"status {status}")

    def _entry(self, subscription: Subscription, kind: str) -> JournalEntry:
        return JournalEntry(
            id=self.identifiers.ulid(),
            at=times.rfc3339(self.clock.now()),
            tenant=subscription.tenant,
            event_type="",
            severity="warning",
            actor=Actor("system:webhooks", "system", ()),
            action="access:write",
            resource=Resource("subscriptions", subscription.id),
            result=Result("success"),
            request_id="",
            metadata={"reason": kind},
        )

    def _is_over(self) -> bool:
        return self.clock.monotonic() > self._ends


def _event(row: LineRow) -> Event | None:
    """The event of a row, empty for what is none; None for a row that nobody can read."""
    try:
        return cloud_event(JournalRow.model_validate_json(row.entry).entry) or {}
    except ValidationError:
        return None
