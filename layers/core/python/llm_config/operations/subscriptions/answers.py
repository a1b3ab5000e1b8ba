"""What the wire says of a subscription."""

from typing import Any

from llm_config_contract.subscriptions import SubscriptionView
from llm_config_domain.subscriptions import Subscription


def subscription_fields(subscription: Subscription) -> dict[str, Any]:
    """The fields of `SubscriptionView`."""
    return {
        "id": subscription.id,
        "url": subscription.url,
        "namespaces": list(subscription.namespaces),
        "types": list(subscription.types),
        "description": subscription.description,
        "status": "active" if subscription.is_active else "disabled",
        "created_at": subscription.created_at,
        "created_by": subscription.created_by,
        "disabled_at": subscription.disabled_at,
    }


def subscription_view(subscription: Subscription) -> SubscriptionView:
    return SubscriptionView(**subscription_fields(subscription))
