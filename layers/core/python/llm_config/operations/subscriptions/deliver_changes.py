"""Send what has just changed, signed, to those of its tenants who subscribed: `deliver_webhooks` without the wait for it."""

from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.operations.subscriptions.deliveries import Deliveries
from llm_config.ports.clock import Clock
from llm_config.ports.delivery_states import DeliveryStates
from llm_config.ports.identifiers import Identifiers
from llm_config.ports.journal_lines import JournalLines
from llm_config.ports.journal_marks import JournalMarks
from llm_config.ports.subscription_reader import SubscriptionReader
from llm_config.ports.subscription_writer import SubscriptionWriter
from llm_config.ports.unsealer import Unsealer
from llm_config.ports.webhook_sender import WebhookSender
from llm_config_contract.subscriptions import Unserved, Woken


def deliver_changes(
    request: Woken,
    *,
    clock: Clock,
    delivery_states: DeliveryStates,
    identifiers: Identifiers,
    journal_lines: JournalLines,
    journal_marks: JournalMarks,
    subscription_reader: SubscriptionReader,
    subscription_writer: SubscriptionWriter,
    unsealer: Unsealer,
    webhook_sender: WebhookSender,
) -> Answer:
    walk = Deliveries(
        clock=clock,
        identifiers=identifiers,
        lines=journal_lines,
        marks=journal_marks,
        reader=subscription_reader,
        sender=webhook_sender,
        states=delivery_states,
        unsealer=unsealer,
        writer=subscription_writer,
    )
    return Answer(Unserved(tenants=tuple(walk.run_for(request.tenants))))


DELIVER_CHANGES = Task(
    name="deliver_changes",
    summary="Tell subscribers what has just changed",
    action="events:deliver",
    request=Woken,
    run=deliver_changes,
    recorded=None,
    trigger=Trigger.CHANGES,
)
