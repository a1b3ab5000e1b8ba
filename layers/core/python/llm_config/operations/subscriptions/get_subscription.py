"""Read a subscription and how its deliveries go. Another tenant's, and a deleted one, are as absent."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.subscriptions.answers import subscription_fields
from llm_config.ports.delivery_states import DeliveryStates
from llm_config.ports.journal_lines import JournalLines
from llm_config.ports.journal_marks import JournalMarks
from llm_config.ports.subscription_reader import SubscriptionReader
from llm_config_contract.subscriptions import GetSubscriptionRequest, SubscriptionState
from llm_config_domain.lines import Mark
from llm_config_domain.subscriptions import Subscription


def get_subscription(
    request: GetSubscriptionRequest,
    context: Context,
    *,
    delivery_states: DeliveryStates,
    journal_lines: JournalLines,
    journal_marks: JournalMarks,
    subscription_reader: SubscriptionReader,
) -> Answer:
    found = subscription_reader.entry(context.caller.tenant, request.id)
    state = delivery_states.of(found.tenant, found.id)
    body = SubscriptionState(
        last_success_at=state.last_success_at,
        last_failure_at=state.last_failure_at,
        last_failure=state.last_failure,
        failing_since=state.failing_since,
        next_attempt_at=state.next_at,
        pending=_pending(found, journal_lines, journal_marks),
        **subscription_fields(found),
    )
    return Answer(body)


def _pending(subscription: Subscription, lines: JournalLines, marks: JournalMarks) -> int:
    told = marks.of(subscription.consumer, subscription.tenant)
    return sum(
        told.get(line, Mark()).next.revision <= newest
        for line, newest in lines.lines(subscription.tenant)
        if subscription.follows(line)
    )


GET_SUBSCRIPTION = Operation(
    name="get_subscription",
    summary="Read a subscription and how its deliveries go",
    action="access:read",
    method="GET",
    path="/api/v1/subscriptions/{id}",
    request=GetSubscriptionRequest,
    response=SubscriptionState,
    run=get_subscription,
    recorded=Recorded.BEHIND,
    event_type="subscription.read",
)
