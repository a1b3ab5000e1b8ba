"""Who subscribed is told: in order, signed, again when it failed, and no more when it is hopeless. The same in both homes."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.subscriptions import deliveries
from llm_config.operations.subscriptions.deliver_webhooks import DELIVER_WEBHOOKS
from llm_config_domain.names import TenantId
from llm_config_domain.subscriptions import MAX_SUBSCRIPTIONS, PATIENCE, RETRIES
from llm_config_local.webhooks import Webhooks
from tests.functions.test_sweeping import spoil
from tests.support.families import HomeUnderTest
from tests.support.homes import Reply, embedded
from tests.support.sweeping import configs, home_of, ids, put, rows, sweep
from tests.support.webhooks import StandingSender

URL = "https://hooks.example.com/config"


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


def ask(home: HomeUnderTest, tenant: TenantId, method: str, path: str, body: Any = None) -> Reply:
    return home.kit.call(method, f"/api/v1/{path}", body, token=home.kit.token(tenant, "tenant-admin"))


def subscribe(home: HomeUnderTest, tenant: TenantId, *namespaces: str, **about: Any) -> str:
    body = {"url": URL, "namespaces": list(namespaces) or ["gateway"], **about}
    reply = ask(home, tenant, "POST", "subscriptions", body)
    assert reply.status == 201, reply.text
    return str(reply.json["id"])


def state(home: HomeUnderTest, tenant: TenantId, its_id: str) -> Any:
    return ask(home, tenant, "GET", f"subscriptions/{its_id}").json


def deliver(home: HomeUnderTest) -> bool:
    return sweep(home, DELIVER_WEBHOOKS)


def test_what_changes_from_now_on_is_told_in_its_order(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    put(home, acme, 0)
    its_id = subscribe(home, acme)
    for number in range(1, 4):
        put(home, acme, number)
    put(home, acme, 1, "elsewhere")
    assert state(home, acme, its_id)["pending"] == 1
    assert deliver(home)
    assert sender.ids == ids(rows(home, configs(acme)))[1:]
    assert {url for url, _ in sender.sent} == {URL}
    told = state(home, acme, its_id)
    assert told["pending"] == 0 and told["last_success_at"] and told["last_failure_at"] is None
    assert deliver(home) and len(sender.ids) == 3


def test_a_line_that_begins_later_is_told_from_its_first_row(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    subscribe(home, acme, "team/*")
    put(home, acme, 1, "team/new")
    assert deliver(home)
    assert sender.ids == ids(rows(home, configs(acme, "team/new")))


def test_who_wants_everything_is_told_of_its_own_subscription(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    subscribe(home, acme, "*")
    assert deliver(home)
    assert [event["type"] for _, event in sender.sent] == ["com.llm.subscription.created"]


def test_types_are_chosen_and_what_is_left_out_is_not_pending(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    its_id = subscribe(home, acme, types=["com.llm.config.updated"])
    put(home, acme, 1)
    put(home, acme, 1)
    assert deliver(home)
    assert [event["type"] for _, event in sender.sent] == ["com.llm.config.updated"]
    assert state(home, acme, its_id)["pending"] == 0


def test_the_secret_is_shown_once_signs_and_is_no_others(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    shown = [ask(home, acme, "POST", "subscriptions", {"url": URL, "namespaces": ["gateway"]}).json for _ in range(2)]
    put(home, acme, 1)
    assert deliver(home)
    assert sender.secrets == {one["secret"].encode() for one in shown} and len(sender.secrets) == 2
    assert "secret" not in state(home, acme, shown[0]["id"])
    assert not [one for one in shown if home.holds(one["secret"].encode())]


def test_what_fails_is_tried_again_later_and_later_and_nothing_overtakes_it(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    its_id = subscribe(home, acme)
    put(home, acme, 1)
    put(home, acme, 2)
    sender.status = 503
    assert deliver(home)
    first = ids(rows(home, configs(acme)))[0]
    for wait in RETRIES[:4]:
        assert deliver(home)
        home.clock.step(wait.total_seconds() + 1)
        assert deliver(home)
    assert sender.ids == [first] * 5
    told = state(home, acme, its_id)
    assert (told["last_failure"], told["pending"], told["status"]) == ("status 503", 1, "active")
    sender.status = 200
    home.clock.step(RETRIES[4].total_seconds() + 1)
    assert deliver(home)
    assert sender.ids[5:] == ids(rows(home, configs(acme)))
    assert state(home, acme, its_id)["failing_since"] is None


@pytest.mark.parametrize(
    ("status", "kind"), [(None, "unreachable"), (302, "redirected"), (404, "status 404"), (199, "status 199")]
)
def test_how_it_failed_is_told_in_a_word(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender, status: int | None, kind: str
) -> None:
    its_id = subscribe(home, acme)
    put(home, acme, 1)
    sender.status = status
    assert deliver(home)
    assert state(home, acme, its_id)["last_failure"] == kind


def test_an_address_that_has_become_a_private_one_is_sent_nothing(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    its_id = subscribe(home, acme)
    put(home, acme, 1)
    monkeypatch.setattr("tests.functions.test_webhooks.URL", "ftp://x")
    monkeypatch.setattr(StandingSender, "check", _refuse)
    assert deliver(home)
    assert state(home, acme, its_id)["last_failure"] == "refused" and sender.ids == []


def _refuse(self: StandingSender, url: str) -> None:
    from llm_config_domain.errors import TargetRefused

    raise TargetRefused("a webhook's url leads into a network that is not public")


def test_after_five_days_it_is_switched_off_and_that_is_an_event(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    its_id = subscribe(home, acme)
    put(home, acme, 1)
    sender.status = 500
    while state(home, acme, its_id)["status"] == "active":
        assert deliver(home)
        home.clock.step(timedelta(hours=6).total_seconds())
        assert home.clock.now() - PATIENCE < home.clock.now()
        assert len(sender.ids) < 30
    (told,) = [one for one in home.changes(acme, "subscriptions") if one.event_type == "subscription.disabled"]
    assert (told.actor.id, told.metadata["reason"]) == ("system:webhooks", "status 500")
    assert state(home, acme, its_id)["disabled_at"] == told.at
    before = len(sender.ids)
    home.clock.step(timedelta(days=2).total_seconds())
    assert deliver(home) and len(sender.ids) == before
    assert (
        ask(home, acme, "POST", f"subscription-replays/{its_id}", {"namespace": "gateway", "from_revision": 1}).status
        == 409
    )


def test_who_is_gone_is_switched_off_at_once(home: HomeUnderTest, acme: TenantId, sender: StandingSender) -> None:
    its_id = subscribe(home, acme, url=f"{URL}/gone")
    put(home, acme, 1)
    assert deliver(home)
    assert state(home, acme, its_id)["status"] == "disabled"


def test_one_that_fails_holds_up_no_other(home: HomeUnderTest, acme: TenantId, sender: StandingSender) -> None:
    subscribe(home, acme, url=f"{URL}/gone")
    subscribe(home, acme)
    put(home, acme, 1)
    assert deliver(home)
    assert [url for url, _ in sender.sent] == [f"{URL}/gone", URL]


def test_who_has_much_to_be_told_is_told_in_turns(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliveries, "SENT", 2)
    subscribe(home, acme, "gateway", "team")
    for number in range(3):
        put(home, acme, number)
    put(home, acme, 1, "team")
    counts = []
    for _ in range(3):
        assert deliver(home)
        counts.append(len(sender.ids))
    assert counts == [2, 4, 4]
    assert [one for one in sender.ids if one in ids(rows(home, configs(acme)))] == ids(rows(home, configs(acme)))


def test_a_walk_ends_in_time_and_the_next_one_goes_on(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    for _ in range(3):
        subscribe(home, acme)
    put(home, acme, 1)
    home.clock.hasten(deliveries.SECONDS * 0.4)
    counts = []
    for _ in range(6):
        assert deliver(home)
        counts.append(len(sender.ids))
    assert counts[0] < 3 and counts[-1] == 3


def test_a_row_that_nobody_can_read_is_passed_over(home: HomeUnderTest, acme: TenantId, sender: StandingSender) -> None:
    its_id = subscribe(home, acme)
    for number in range(3):
        put(home, acme, number)
    whole = ids(rows(home, configs(acme)))
    spoil(home, configs(acme), 2)
    assert deliver(home)
    assert sender.ids == [whole[0], whole[2]] and state(home, acme, its_id)["pending"] == 0


def test_a_replay_tells_a_namespace_anew_from_a_revision_on(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    for number in range(3):
        put(home, acme, number)
    its_id = subscribe(home, acme)
    reply = ask(home, acme, "POST", f"subscription-replays/{its_id}", {"namespace": "gateway", "from_revision": 2})
    assert (reply.status, reply.json["from_revision"]) == (202, 2)
    assert deliver(home)
    assert sender.ids == ids(rows(home, configs(acme)))[1:]
    refused = ask(home, acme, "POST", f"subscription-replays/{its_id}", {"namespace": "team", "from_revision": 1})
    assert refused.status == 422


def test_who_was_deleted_is_told_nothing(home: HomeUnderTest, acme: TenantId, sender: StandingSender) -> None:
    its_id = subscribe(home, acme)
    put(home, acme, 1)
    assert ask(home, acme, "DELETE", f"subscriptions/{its_id}").status == 204
    assert deliver(home) and sender.ids == []
    assert ask(home, acme, "GET", f"subscriptions/{its_id}").status == 404
    assert ask(home, acme, "GET", "subscriptions").json["items"] == []


def test_a_tenants_changes_are_told_to_its_own_subscribers_alone(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender
) -> None:
    corp = home.tenant("acme-corp")
    subscribe(home, corp, "*", types=["com.llm.config.created"])
    put(home, acme, 1)
    assert deliver(home) and sender.ids == []
    put(home, corp, 1)
    assert deliver(home)
    assert [event["data"]["tenant_id"] for _, event in sender.sent] == [corp]


def test_a_tenant_has_so_many_subscriptions_and_no_more(
    home: HomeUnderTest, acme: TenantId, sender: StandingSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MAX_SUBSCRIPTIONS == 100
    monkeypatch.setattr("llm_config.operations.subscriptions.create_subscription.MAX_SUBSCRIPTIONS", 2)
    made = [subscribe(home, acme) for _ in range(2)]
    refused = ask(home, acme, "POST", "subscriptions", {"url": URL, "namespaces": ["*"]})
    assert refused.status == 422
    assert ask(home, acme, "DELETE", f"subscriptions/{made[0]}").status == 204
    subscribe(home, acme)


def test_no_value_of_a_config_or_a_secret_is_told(home: HomeUnderTest, acme: TenantId, sender: StandingSender) -> None:
    subscribe(home, acme, "*")
    token = home.kit.token(acme, "operator")
    for kind, more in (("configs", {}), ("secrets", {"type": "generic"})):
        body = {"value": {"canary-3f91": "canary-3f91"}, "reason": "canary-3f91", **more}
        url = f"/api/v1/{kind}/gateway/primary?environment=production"
        assert home.kit.call("PUT", url, body, token=token).status == 201
    assert deliver(home)
    assert len(sender.sent) == 3 and "canary-3f91" not in json.dumps([event for _, event in sender.sent])


def test_at_home_a_commit_is_told_at_once_and_closing_ends_it(tmp_path: Path) -> None:
    heard = threading.Semaphore(0)

    class Loud(StandingSender):
        def send(self, *told: Any) -> int:
            status = super().send(*told)
            heard.release()
            return status

    with embedded(tmp_path, webhook_sender=Loud()) as kit:
        acme, webhooks = kit.tenant("acme"), Webhooks(kit.family.store, kit.provide)
        assert not webhooks.deliver(), "nobody has subscribed"
        webhooks.start()
        token = kit.token(acme, "tenant-admin")
        body = {"url": URL, "namespaces": ["gateway"]}
        assert kit.call("POST", "/api/v1/subscriptions", body, token=token).status == 201
        for number in range(2):
            url = f"/api/v1/configs/gateway/key-{number}?environment=production"
            assert kit.call("PUT", url, {"value": number}, token=token).status == 201
            assert heard.acquire(timeout=30)
        webhooks.close()
