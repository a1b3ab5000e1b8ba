"""Who is told of changes by webhook."""

from collections.abc import Sequence

from llm_config_client.calls.options import given
from llm_config_client.core import Call, Route, call
from llm_config_contract.subscriptions import (
    CreatedSubscription,
    CreateSubscriptionRequest,
    DeleteSubscriptionRequest,
    GetSubscriptionRequest,
    ListSubscriptionsRequest,
    Replaying,
    ReplaySubscriptionRequest,
    SubscriptionPage,
    SubscriptionState,
)
from llm_config_contract.wire import NoContent

CREATE_SUBSCRIPTION = Route("POST", "/api/v1/subscriptions", CreateSubscriptionRequest, CreatedSubscription)
GET_SUBSCRIPTION = Route("GET", "/api/v1/subscriptions/{id}", GetSubscriptionRequest, SubscriptionState)
LIST_SUBSCRIPTIONS = Route("GET", "/api/v1/subscriptions", ListSubscriptionsRequest, SubscriptionPage)
DELETE_SUBSCRIPTION = Route("DELETE", "/api/v1/subscriptions/{id}", DeleteSubscriptionRequest, NoContent)
REPLAY_SUBSCRIPTION = Route("POST", "/api/v1/subscription-replays/{id}", ReplaySubscriptionRequest, Replaying)


def create_subscription(
    url: str,
    namespaces: Sequence[str],
    *,
    types: Sequence[str] | None = None,
    description: str | None = None,
    idempotency_key: str | None = None,
) -> Call[CreatedSubscription]:
    """Have changes told by webhook. Its answer's `secret` is shown this once; it does not print itself.

    `namespaces`: globs; `types`: event types, all of them when left out.
    """
    listed = None if types is None else list(types)
    options = given({"types": listed, "description": description, "idempotency_key": idempotency_key})
    return call(CREATE_SUBSCRIPTION, {"url": url, "namespaces": list(namespaces), **options})


def get_subscription(id: str) -> Call[SubscriptionState]:  # noqa: A002 (the wire's word)
    """Read a subscription and how its deliveries go."""
    return call(GET_SUBSCRIPTION, {"id": id})


def list_subscriptions(*, limit: int | None = None, cursor: str | None = None) -> Call[SubscriptionPage]:
    """One page of subscriptions without their secrets; `every` of a client goes through all pages."""
    return call(LIST_SUBSCRIPTIONS, given(locals()))


def delete_subscription(id: str, *, idempotency_key: str | None = None) -> Call[NoContent]:  # noqa: A002 (the wire's word)
    """End a subscription, at once and for good."""
    return call(DELETE_SUBSCRIPTION, given(locals()))


def replay_subscription(id: str, namespace: str, from_revision: int) -> Call[Replaying]:  # noqa: A002 (the wire's word)
    """Tell a subscriber anew what happened to a namespace's configs from a revision on."""
    return call(REPLAY_SUBSCRIPTION, given(locals()))
