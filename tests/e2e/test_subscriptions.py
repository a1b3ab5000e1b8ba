"""Subscriptions: made, seen, told anew and ended. That they are delivered is tests/functions/test_webhooks.py's."""

import pytest

from llm_config_client import Client, calls
from llm_config_domain.errors import NotFound, TargetRefused
from tests.e2e.deployments import settled


def test_a_subscription_shows_its_secret_once_and_is_seen_until_it_is_deleted(client: Client, space: str) -> None:
    client.put_config(f"{space}/a", 1, environment="production")
    made = client.create_subscription("https://1.1.1.1/hooks", ["nowhere"], types=["com.llm.config.created"])
    assert made.secret and made.secret.startswith("whsec_") and made.secret not in repr(made)
    assert client.get_subscription(made.id).status == "active"
    settled(lambda: made.id in [one.id for one in client.every(calls.list_subscriptions)], "it is not listed")
    assert client.list_subscriptions(limit=1).items
    assert client.replay_subscription(made.id, "nowhere", 1).from_revision == 1
    client.delete_subscription(made.id)
    with pytest.raises(NotFound):
        client.get_subscription(made.id)


def test_an_address_that_is_none_is_refused(client: Client) -> None:
    with pytest.raises(TargetRefused):
        client.create_subscription("ftp://1.1.1.1/hooks", ["*"])
