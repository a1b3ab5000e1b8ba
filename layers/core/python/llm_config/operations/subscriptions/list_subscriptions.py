"""List the tenant's subscriptions, without their signing secrets, oldest first. Deleted ones do not show."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.pages import Paging, fill
from llm_config.operations.subscriptions.answers import subscription_view
from llm_config.ports.subscription_reader import SubscriptionReader
from llm_config_contract.subscriptions import ListSubscriptionsRequest, SubscriptionPage


def list_subscriptions(
    request: ListSubscriptionsRequest, context: Context, *, subscription_reader: SubscriptionReader
) -> Answer:
    paging = Paging(request, context, str)
    found, place = fill(
        paging.limit,
        paging.place or ("",),
        lambda after, limit: subscription_reader.listing(context.caller.tenant, after[0], limit),
        lambda subscription: (subscription.id,),
        lambda subscription: subscription.deleted_at is None,
    )
    page = SubscriptionPage(items=[subscription_view(one) for one in found], next_cursor=paging.cursor(place))
    return Answer(page, metadata={"items": len(found)})


LIST_SUBSCRIPTIONS = Operation(
    name="list_subscriptions",
    summary="List subscriptions, without their signing secrets",
    action="access:list",
    method="GET",
    path="/api/v1/subscriptions",
    request=ListSubscriptionsRequest,
    response=SubscriptionPage,
    run=list_subscriptions,
    recorded=Recorded.BEHIND,
    event_type="subscription.listed",
)
