"""From a change to a subscriber: the journal's stream, the function that publishes, the bus, a queue."""

import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from llm_config_cdk.places import Place
from llm_config_client import Client
from llm_config_contract.events import ChangeEvent, DenialEvent
from llm_config_domain.events import SOURCE
from llm_config_localstack.places import ACCOUNT, REGION, STAGE
from tests.e2e.deployments import Deployment, Tenant
from tests.e2e.deployments import client as aws_client

PLACE = Place(STAGE.prefix, ACCOUNT, REGION)
ARRIVES_SECONDS = 120
"""The first event waits for the function's cold start, and for how often LocalStack looks into a stream."""
CANARY = "canary-8d20aa"


class Subscription:
    """A queue behind a rule of the deployment's bus, as docs/events.md describes one."""

    def __init__(self, deployed: Deployment) -> None:
        self._sqs, events = aws_client("sqs", deployed.aws), aws_client("events", deployed.aws)
        name = f"e2e-{uuid.uuid4().hex[:12]}"
        self._url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["QueueArn"])["Attributes"]
        pattern = json.dumps({"source": [SOURCE]})
        events.put_rule(Name=name, EventBusName=PLACE.event_bus, EventPattern=pattern)
        target = {"Id": "queue", "Arn": attributes["QueueArn"]}
        events.put_targets(Rule=name, EventBusName=PLACE.event_bus, Targets=[target])
        self.heard: dict[str, Any] = {}

    def event(self, namespace: str, event_type: str) -> Any:
        """The CloudEvent of this type about this namespace, once it is there."""
        end = time.monotonic() + ARRIVES_SECONDS
        while time.monotonic() < end:
            for event in self.heard.values():
                if (event["data"]["namespace"], event["type"]) == (namespace, event_type):
                    return event
            self._receive()
        pytest.fail(f"{event_type} did not arrive")

    def _receive(self) -> None:
        told = self._sqs.receive_message(QueueUrl=self._url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
        for message in told.get("Messages", []):
            envelope = json.loads(message["Body"])
            assert envelope["detail-type"] == envelope["detail"]["type"]
            self.heard[envelope["detail"]["id"]] = envelope["detail"]
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])


@pytest.fixture(scope="module")
def subscription(deployed: Deployment) -> Iterator[Subscription]:
    yield Subscription(deployed)


def test_a_changed_config_reaches_a_subscriber(
    subscription: Subscription, acme: Tenant, client: Client, space: str
) -> None:
    client.put_config(f"{space}/model", {"name": "a"}, environment="production")
    client.put_config(f"{space}/model", {"name": "b"}, environment="production")
    created = ChangeEvent.model_validate(subscription.event(space, "com.llm.config.created"))
    updated = ChangeEvent.model_validate(subscription.event(space, "com.llm.config.updated"))
    assert (created.data.version, updated.data.version, updated.data.previous_version) == (1, 2, 1)
    assert (updated.data.tenant_id, updated.data.key, updated.data.environment) == (acme.id, "model", "production")


def test_a_changed_secret_reaches_a_subscriber_and_nothing_of_its_value(
    subscription: Subscription, client: Client, space: str
) -> None:
    client.put_secret(f"{space}/key", CANARY, environment="production")
    created = ChangeEvent.model_validate(subscription.event(space, "com.llm.secret.created"))
    assert (created.data.key, created.data.version) == ("key", 1)
    assert CANARY not in json.dumps(subscription.heard)


def test_a_denial_reaches_a_subscriber(subscription: Subscription, acme: Tenant, space: str) -> None:
    with acme.http("viewer") as http:
        url = f"/api/v1/secrets/{space}/key?environment=production"
        assert http.put(url, json={"type": "generic", "value": CANARY}).status_code == 403
    denied = DenialEvent.model_validate(subscription.event(space, "com.llm.access.denied"))
    assert denied.data.action == "secrets:write"


def test_a_change_wakes_the_function_that_tells_subscribers(client: Client, space: str) -> None:
    """Through the bus and the queue: no minute ever passes here. Nobody answers at the address, which is on record."""
    client.put_config(f"{space}/a", 1, environment="production")
    made = client.create_subscription("https://1.1.1.1/hooks", [space])
    client.put_config(f"{space}/a", 2, environment="production")
    end = time.monotonic() + ARRIVES_SECONDS
    while (told := client.get_subscription(made.id)).last_failure_at is None and told.last_success_at is None:
        assert time.monotonic() < end, "nobody tried to tell it"
        time.sleep(1)
    client.delete_subscription(made.id)
