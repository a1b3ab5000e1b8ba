"""Send the changes that subscriptions are about, signed, to whoever subscribed."""

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
from llm_config_contract.journal import Sweep


def deliver_webhooks(
    request: Sweep,
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
    return Answer(walk.run())


DELIVER_WEBHOOKS = Task(
    name="deliver_webhooks",
    summary="Tell subscribers what changed",
    action="events:deliver",
    request=Sweep,
    run=deliver_webhooks,
    recorded=None,
    trigger=Trigger.SCHEDULE,
    every_minutes=1,
)
