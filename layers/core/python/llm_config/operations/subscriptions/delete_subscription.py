"""Tell a subscriber nothing any more. What is known of the subscription is kept for the record."""

from dataclasses import replace

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.subscription_writer import SubscriptionWriter
from llm_config_contract.subscriptions import DeleteSubscriptionRequest
from llm_config_contract.wire import NoContent
from llm_config_domain.policy import Resource


def delete_subscription(
    request: DeleteSubscriptionRequest, context: Context, *, subscription_writer: SubscriptionWriter
) -> Answer:
    entry = replace(context.entry, resource=Resource("subscriptions", request.id))
    done = subscription_writer.delete(context.caller.tenant, request.id, entry=entry, idempotency=context.idempotency)
    return Answer(None, replayed=done.replayed)


DELETE_SUBSCRIPTION = Operation(
    name="delete_subscription",
    summary="End a subscription",
    action="access:delete",
    method="DELETE",
    path="/api/v1/subscriptions/{id}",
    request=DeleteSubscriptionRequest,
    response=NoContent,
    run=delete_subscription,
    foreseen=False,
    recorded=Recorded.WITH_CHANGE,
    event_type="subscription.write",
    success=(204,),
)
