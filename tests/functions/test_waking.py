"""What was published wakes the function that tells the subscribers of its tenants: seconds after the change, not a minute."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.subscriptions import deliveries
from llm_config.operations.subscriptions.deliver_changes import DELIVER_CHANGES
from llm_config.runtime.consumer import changes
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from tests.functions.test_webhooks import deliver, state, subscribe
from tests.support.aws import on_aws
from tests.support.aws_calls import QUERY
from tests.support.families import HomeUnderTest
from tests.support.sweeping import configs, home_of, ids, put, rows
from tests.support.webhooks import StandingSender


@pytest.fixture(params=["sqlite", "dynamodb"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HomeUnderTest]:
    with home_of(request.param, tmp_path) as home:
        yield home


@pytest.fixture
def acme(home: HomeUnderTest) -> TenantId:
    return home.tenant("acme")


@pytest.fixture
def sender(home: HomeUnderTest) -> StandingSender:
    standing = StandingSender()
    home.kit.factories["webhook_sender"] = lambda: standing
    return standing


def message(number: int, tenant: str) -> dict[str, Any]:
    """An event as EventBridge puts it into a queue; more members than anybody reads."""
    detail = {"specversion": "1.0", "id": str(number), "data": {"tenant_id": tenant, "namespace": "gateway"}}
    return {"messageId": str(number), "body": json.dumps({"version": "0", "source": "x", "detail": detail})}


def wake(home: HomeUnderTest, *messages: dict[str, Any]) -> list[str]:
    """A batch of the queue: the messages that come again."""
    told = changes(DELIVER_CHANGES, home.provide)({"Records": list(messages)}, None)
    return [failure["itemIdentifier"] for failure in told["batchItemFailures"]]


def test_a_batch_wakes_each_tenant_once_and_tells_all_that_stands_behind_its_marks(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    its_id = subscribe(home, acme)
    for number in range(3):
        put(home, acme, number)
    assert wake(home, *(message(number, acme) for number in range(5))) == []
    assert sender.ids == ids(rows(home, configs(acme)))
    assert state(home, acme, its_id)["pending"] == 0


def test_a_message_that_comes_again_or_late_changes_nothing(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    subscribe(home, acme)
    put(home, acme, 1)
    for _ in range(3):
        assert wake(home, message(1, acme)) == []
    assert deliver(home)
    assert len(sender.ids) == 1


def test_who_is_not_named_is_left_to_the_minute(home: HomeUnderTest, acme: TenantId, sender: StandingSender) -> None:
    corp = home.tenant("acme-corp")
    for tenant in (acme, corp):
        subscribe(home, tenant)
        put(home, tenant, 1)
    assert wake(home, message(1, acme)) == []
    assert sender.ids == ids(rows(home, configs(acme)))
    assert deliver(home)
    assert len(sender.ids) == 2


def test_a_tenant_without_subscribers_and_one_that_is_none_are_nothing_to_do(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    put(home, acme, 1)
    assert wake(home, message(1, acme), message(2, "0" * 26), message(3, "#")) == []
    assert sender.ids == []


def test_a_retry_that_is_not_due_is_not_hastened(home: HomeUnderTest, acme: TenantId, sender: StandingSender) -> None:
    its_id = subscribe(home, acme)
    sender.status = 500
    put(home, acme, 1)
    for _ in range(3):
        assert wake(home, message(1, acme)) == []
    assert len(sender.sent) == 1 and state(home, acme, its_id)["last_failure"] == "status 500"


def test_what_cannot_be_looked_after_comes_again_and_nothing_else_does(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    corp = home.tenant("acme-corp")
    for tenant in (acme, corp):
        subscribe(home, tenant)
        put(home, tenant, 1)
    states = home.provide("delivery_states")

    class Failing:
        def of(self, tenant: TenantId, its_id: str) -> Any:
            if tenant == acme:
                raise Unavailable("later")
            return states.of(tenant, its_id)

        def keep(self, *told: Any) -> None:
            states.keep(*told)

    home.kit.factories["delivery_states"] = Failing
    home.kit.forget()
    batch = [message(1, acme), message(2, corp), {"messageId": "3", "body": "no event"}, message(4, acme)]
    assert wake(home, *batch) == ["1", "3", "4"]
    assert sender.ids == ids(rows(home, configs(corp)))


def test_what_there_is_no_time_for_is_left_to_the_minute(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    for _ in range(3):
        subscribe(home, acme)
    put(home, acme, 1)
    home.clock.hasten(deliveries.SECONDS * 0.4)
    assert wake(home, message(1, acme)) == []
    told = len(sender.ids)
    home.clock.hasten(0)
    assert deliver(home)
    assert told < 3 == len(sender.ids)


def test_who_has_no_subscribers_costs_one_look(tmp_path: Path) -> None:
    with on_aws(tmp_path) as kit:
        told = {"Records": [message(1, kit.tenant("acme"))]}
        with kit.account.counted() as calls:
            assert changes(DELIVER_CHANGES, kit.provide)(told, None) == {"batchItemFailures": []}
        assert calls == {QUERY: 1}
