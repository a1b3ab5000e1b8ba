"""Watching over API Gateway's WebSockets: who is let in, and what ends a connection."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config.adapters.dynamodb import watchers as on_aws
from llm_config_domain.names import TenantId
from llm_config_local.adapters import watchers as at_home
from tests.support.families import HomeUnderTest
from tests.support.gateway import ADDRESS, Gateway
from tests.support.sweeping import home_of, put

KEYS = "/api/v1/api-keys"


@pytest.fixture(params=["sqlite", "dynamodb"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HomeUnderTest]:
    with home_of(request.param, tmp_path) as home:
        yield home


@pytest.fixture
def acme(home: HomeUnderTest) -> TenantId:
    return home.tenant("acme")


@pytest.fixture
def gateway(home: HomeUnderTest) -> Gateway:
    return Gateway(home.kit)


@pytest.fixture
def token(home: HomeUnderTest, acme: TenantId) -> str:
    return home.kit.token(acme, "viewer")


def key_of(home: HomeUnderTest, tenant: TenantId, **told: Any) -> dict[str, Any]:
    body = {"name": "watcher", "roles": ["viewer"], **told}
    made: dict[str, Any] = home.kit.call("POST", KEYS, body, token=home.kit.token(tenant, "tenant-admin")).json
    return made


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 401, id="no credential"),
        pytest.param({"Authorization": "Bearer nonsense"}, 401, id="no token"),
        pytest.param({"X-API-Key": "llmc_no"}, 401, id="no key"),
    ],
)
def test_a_handshake_without_a_valid_credential_is_refused_by_its_status(
    home: HomeUnderTest, gateway: Gateway, headers: dict[str, str], status: int
) -> None:
    connection, answer = gateway.connect(headers)
    assert (answer["statusCode"], json.loads(answer["body"])["status"]) == (status, status)
    assert home.provide("watchers").at(connection) is None


def test_a_handshake_with_a_query_is_refused_so_no_credential_can_stand_there(gateway: Gateway, token: str) -> None:
    _, answer = gateway.connect({"Authorization": f"Bearer {token}"}, queryStringParameters={"token": token})
    assert answer["statusCode"] == 400 and token not in answer["body"]


def test_a_key_comes_in_from_its_networks_alone(home: HomeUnderTest, gateway: Gateway, acme: TenantId) -> None:
    here, there = key_of(home, acme, cidr=[f"{ADDRESS}/32"]), key_of(home, acme, cidr=["198.51.100.0/24"])
    assert gateway.connect({"x-api-key": here["key"]})[1]["statusCode"] == 200
    assert gateway.connect({"x-api-key": there["key"]})[1]["statusCode"] == 401


def test_a_suspended_tenants_credential_opens_nothing_and_ends_what_is_open(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    connection = gateway.watch(token)
    gateway.told(connection)
    home.suspend(acme)
    assert gateway.connect({"authorization": f"Bearer {token}"})[1]["statusCode"] == 401
    assert gateway.wake(acme) == 0
    (end,) = gateway.told(connection)
    assert (end["event"], end["data"]["status"]) == ("end", 401) and connection not in gateway.lines.open


def test_more_than_a_tenant_may_have_are_told_to_come_again(
    gateway: Gateway, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (on_aws, at_home):
        monkeypatch.setattr(module, "MAX_WATCHERS", 1)
    connection = gateway.opened(token)
    answer = gateway.connect({"authorization": f"Bearer {token}"})[1]
    assert answer["statusCode"] == 429 and int(answer["headers"]["Retry-After"])
    gateway.disconnect(connection)
    assert gateway.opened(token)


def test_nothing_of_the_credential_is_kept(home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str) -> None:
    made = key_of(home, acme)
    _, answer = gateway.connect({"x-api-key": made["key"]})
    gateway.watch(token)
    assert answer["statusCode"] == 200
    kept = [json.dumps(one.to_record()) for one in home.provide("watchers").of(acme)]
    assert len(kept) == 2
    assert not [text for text in kept if token in text or made["key"] in text or made["key"][-64:] in text]


def test_a_token_that_ends_ends_the_watch_with_the_next_push(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId
) -> None:
    connection = gateway.watch(home.kit.token(acme, "viewer", ttl=60))
    gateway.told(connection)
    home.clock.step(90)
    assert gateway.minute() and gateway.kinds(connection) == ["heartbeat"]
    home.clock.step(30)
    assert gateway.minute()
    (end,) = gateway.told(connection)
    assert (end["event"], end["data"]["status"]) == ("end", 401)
    assert connection not in gateway.lines.open and not home.provide("watchers").of(acme)


def test_a_revoked_key_ends_the_watch_with_the_next_push(home: HomeUnderTest, gateway: Gateway, acme: TenantId) -> None:
    made = key_of(home, acme)
    connection, _ = gateway.connect({"x-api-key": made["key"]})
    gateway.say(connection, '{"action": "subscribe"}')
    assert gateway.kinds(connection) == ["changes"]
    put(home, acme, 1)
    assert gateway.wake(acme) == 0 and gateway.kinds(connection) == ["changes"]
    home.kit.call("DELETE", f"{KEYS}/{made['id']}", token=home.kit.token(acme, "tenant-admin"))
    put(home, acme, 2)
    assert gateway.wake(acme) == 0
    (end,) = gateway.told(connection)
    assert (end["event"], end["data"]["kind"]) == ("end", "unauthenticated")


@pytest.mark.parametrize(
    ("message", "status"),
    [
        pytest.param("", 400, id="nothing"),
        pytest.param("no json", 400, id="no JSON"),
        pytest.param("[]", 400, id="no object"),
        pytest.param('{"action": "publish"}', 400, id="another action"),
        pytest.param('{"action": "subscribe", "token": "x"}', 400, id="another member"),
        pytest.param('{"action": "subscribe", "namespace": "A B"}', 400, id="no namespace"),
        pytest.param('{"action": "subscribe", "since": "%s"}' % ("x" * 16_384), 413, id="too large"),
    ],
)
def test_what_does_not_subscribe_ends_the_connection(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str, message: str, status: int
) -> None:
    connection = gateway.opened(token)
    assert gateway.say(connection, message) == 200
    (end,) = gateway.told(connection)
    assert (end["event"], end["data"]["status"]) == ("end", status)
    assert connection not in gateway.lines.open and not home.provide("watchers").of(acme)


def test_a_second_message_ends_the_connection(gateway: Gateway, token: str) -> None:
    connection = gateway.watch(token)
    gateway.say(connection, '{"action": "subscribe"}')
    assert gateway.kinds(connection) == ["changes", "end"]


def test_what_is_said_on_a_connection_that_nobody_opened_is_not_heard(gateway: Gateway) -> None:
    gateway.lines.open.add("stranger=")
    assert gateway.say("stranger=", '{"action": "subscribe"}') == 200
    assert gateway.told("stranger=") == [] and not gateway.lines.open


def test_anothers_place_ends_the_connection_and_is_on_record(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    globex = home.tenant("globex")
    place = home.kit.call("GET", "/api/v1/changes", token=home.kit.token(globex, "viewer")).json["next"]
    (end,) = gateway.told(gateway.watch(token, since=place))
    assert (end["event"], end["data"]["status"]) == ("end", 400)
    assert [entry.event_type for entry in home.accesses(acme) if entry.result.status == "denied"] == ["access.denied"]


def test_who_may_read_nothing_is_told_so(home: HomeUnderTest, gateway: Gateway, acme: TenantId) -> None:
    assert gateway.connect({"authorization": f"Bearer {home.kit.token(acme, 'no-such-role')}"})[1]["statusCode"] == 403
    bound = home.kit.token(acme, "service-account", attributes={"namespaces": "elsewhere"})
    (end,) = gateway.told(gateway.watch(bound, "gateway"))
    assert (end["event"], end["data"]["status"]) == ("end", 403)


def test_who_never_subscribes_is_sent_away_with_the_minute(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    connection = gateway.opened(token)
    assert gateway.minute() and gateway.told(connection) == []
    home.clock.step(11)
    assert gateway.minute()
    (end,) = gateway.told(connection)
    assert (end["event"], end["data"]["retryable"]) == ("end", True) and not home.provide("watchers").of(acme)


def test_who_left_is_forgotten_with_the_farewell_or_with_the_next_push(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    polite, silent = gateway.watch(token), gateway.watch(token)
    gateway.disconnect(polite)
    gateway.lines.open.discard(silent)
    assert [one.connection for one in home.provide("watchers").of(acme)] == [silent]
    put(home, acme, 1)
    assert gateway.wake(acme) == 0 and not home.provide("watchers").of(acme)


def test_who_left_before_the_last_word_is_forgotten_all_the_same(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    connection = gateway.opened(token)
    gateway.lines.open.discard(connection)
    assert gateway.say(connection, "no json") == 200 and not home.provide("watchers").of(acme)
