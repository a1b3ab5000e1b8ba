"""The keys of subscriptions."""

from llm_config.adapters.dynamodb.keys import LAST, Key, Range
from llm_config_domain.names import TenantId


def subscription(tenant: TenantId, subscription_id: str) -> Key:
    return Key("control", f"T#{tenant}#C", f"SUBSCRIPTION#{subscription_id}")


def subscriptions_after(tenant: TenantId, subscription_id: str) -> Range:
    return Range(
        f"T#{tenant}#C", f"SUBSCRIPTION#{subscription_id}{'#' if subscription_id else ''}", f"SUBSCRIPTION#{LAST}"
    )


def listed(tenant: TenantId, subscription_id: str) -> Key:
    """A subscription among those of every tenant."""
    return Key("control", "SUBSCRIPTIONS", f"{tenant}#{subscription_id}")


def listed_after(place: str) -> Range:
    return Range("SUBSCRIPTIONS", f"{place}#", LAST)


def state(tenant: TenantId, subscription_id: str) -> Key:
    """How its deliveries go."""
    return Key("counters", f"T#{tenant}#W", subscription_id)
