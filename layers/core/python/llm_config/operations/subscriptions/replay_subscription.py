"""Tell a subscriber anew what happened to a namespace's configs from a revision on: its mark on that line goes back."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.journal_marks import JournalMarks
from llm_config.ports.subscription_reader import SubscriptionReader
from llm_config_contract.subscriptions import Replaying, ReplaySubscriptionRequest
from llm_config_domain.errors import Conflict, ValueRefused
from llm_config_domain.lines import Line, LineKind, Place


def replay_subscription(
    request: ReplaySubscriptionRequest,
    context: Context,
    *,
    journal_marks: JournalMarks,
    subscription_reader: SubscriptionReader,
) -> Answer:
    found = subscription_reader.entry(context.caller.tenant, request.id)
    line = Line(found.tenant, LineKind.CONFIGS, request.namespace)
    if not found.is_active:
        raise Conflict("the subscription is disabled: delete it and create another")
    if not found.follows(line):
        raise ValueRefused("the subscription is not about this namespace: name one that it follows")
    journal_marks.begin(found.consumer, {line: Place(request.from_revision)})
    body = Replaying(id=found.id, namespace=request.namespace, from_revision=request.from_revision)
    return Answer(body, accepted=True, metadata={"from_revision": request.from_revision})


REPLAY_SUBSCRIPTION = Operation(
    name="replay_subscription",
    summary="Tell a subscriber anew from a revision on",
    action="access:write",
    method="POST",
    path="/api/v1/subscription-replays/{id}",
    request=ReplaySubscriptionRequest,
    response=Replaying,
    run=replay_subscription,
    recorded=Recorded.BEFORE_RELEASE,
    event_type="subscription.replayed",
    success=(202,),
    refusals=(404, 409),
)
