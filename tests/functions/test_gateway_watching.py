"""Watching over API Gateway's WebSockets: what is told, in which order, and what becomes of it when something fails."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.watching import pushes
from llm_config.ports.watcher_lines import MAX_MESSAGE_BYTES
from llm_config_domain import watchers
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.gateway import Gateway
from tests.support.sweeping import home_of, put


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


def numbers(told: list[Any]) -> list[int]:
    return [change["value"] for message in told for change in message["data"].get("changes", [])]


def test_who_subscribes_is_told_what_is_behind_the_place_and_then_each_change(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    put(home, acme, 1)
    connection = gateway.watch(token)
    (first,) = gateway.told(connection)
    assert first["event"] == "changes" and numbers([first]) == [1]
    for number in (2, 3):
        put(home, acme, number)
        assert gateway.wake(acme) == 0
    assert numbers(gateway.told(connection)) == [2, 3]


def test_a_message_is_the_answer_of_the_feed_to_the_letter(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    put(home, acme, 1)
    connection = gateway.watch(token, "gateway")
    answer = home.kit.call("GET", "/api/v1/changes?namespace=gateway&since=0", token=token)
    assert gateway.lines.texts[connection] == [f'{{"event":"changes","data":{answer.text}}}']


def test_the_first_answer_comes_when_nothing_is_there_and_a_wake_up_that_brings_nothing_says_nothing(
    gateway: Gateway, acme: TenantId, token: str
) -> None:
    connection = gateway.watch(token)
    assert gateway.kinds(connection) == ["changes"]
    for _ in range(3):
        assert gateway.wake(acme, acme) == 0
    assert gateway.kinds(connection) == []


def test_a_place_resumes_and_one_that_is_not_there_is_a_gap_and_the_feed_from_its_beginning(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    for number in (1, 2):
        put(home, acme, number)
    assert numbers(gateway.told(gateway.watch(token, "gateway", since="1"))) == [2]
    (gap,) = gateway.told(gateway.watch(token, since="no-place"))
    assert gap["event"] == "gap" and gap["data"]["gap"] and numbers([gap]) == [1, 2]


def test_each_is_told_what_it_may_read_and_asked_for_and_nothing_of_another_tenant(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    globex = home.tenant("globex")
    own, other = gateway.watch(token, "gateway/*"), gateway.watch(home.kit.token(globex, "viewer"))
    staging = gateway.watch(token, environment="staging")
    narrow = gateway.watch(home.kit.token(acme, "service-account", attributes={"namespaces": "elsewhere"}))
    for connection in (own, other, staging, narrow):
        gateway.told(connection)
    put(home, acme, 1, "gateway/a")
    put(home, acme, 2, "other")
    assert gateway.wake(acme, globex) == 0
    assert numbers(gateway.told(own)) == [1]
    assert [numbers(gateway.told(one)) for one in (other, staging, narrow)] == [[], [], []]


def test_every_minute_says_that_somebody_is_there_and_makes_up_for_what_nobody_was_woken_for(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    connection = gateway.watch(token)
    place = gateway.told(connection)[0]["data"]["next"]
    assert gateway.minute()
    assert gateway.told(connection) == [{"event": "heartbeat", "data": {"next": place}}]
    put(home, acme, 1)
    assert gateway.minute()
    assert numbers(gateway.told(connection)) == [1]


def test_what_could_not_be_sent_comes_again_and_its_place_has_not_moved(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    connection = gateway.watch(token)
    gateway.told(connection)
    put(home, acme, 1)
    gateway.lines.answers = False
    assert gateway.wake(acme) == 1
    gateway.lines.answers = True
    assert gateway.wake(acme) == 0
    assert numbers(gateway.told(connection)) == [1]


def test_a_change_that_comes_while_another_tells_is_told_by_that_one_once_and_in_order(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    connection = gateway.watch(token)
    gateway.told(connection)

    def meanwhile(_: str) -> None:
        gateway.lines.before = lambda connection: None
        put(home, acme, 2)
        assert gateway.wake(acme) == 0

    put(home, acme, 1)
    gateway.lines.before = meanwhile
    assert gateway.wake(acme) == 0
    told = gateway.told(connection)
    assert numbers(told) == [1, 2] and len(told) == 2
    assert gateway.wake(acme) == 0 and gateway.told(connection) == []


def test_one_that_is_closed_while_it_is_told_is_left_alone(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    connection = gateway.watch(token)
    gateway.told(connection)
    put(home, acme, 1)
    gateway.lines.before = lambda one: home.provide("watchers").close(one)
    assert gateway.wake(acme) == 0
    assert len(gateway.told(connection)) == 1 and home.provide("watchers").at(connection) is None


def test_who_died_in_its_turn_is_relieved_when_that_is_over(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    connection = gateway.watch(token)
    gateway.told(connection)
    port = home.provide("watchers")
    port.keep(port.at(connection).taken(home.clock.now()))
    put(home, acme, 1)
    assert gateway.wake(acme) == 0 and gateway.told(connection) == []
    home.clock.step(watchers.TURN.total_seconds())
    assert gateway.minute() and numbers(gateway.told(connection)) == [1]


def test_a_page_that_no_message_can_hold_is_told_without_its_values(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    operator = home.kit.token(acme, "operator")
    for number in range(6):
        url = f"/api/v1/configs/gateway/large-{number}?environment=production"
        assert home.kit.call("PUT", url, {"value": "x" * 30_000}, token=operator).status == 201
    connection = gateway.watch(token)
    (text,) = gateway.lines.texts[connection]
    assert len(text) < MAX_MESSAGE_BYTES
    (told,) = gateway.told(connection)
    assert len(told["data"]["changes"]) == 6 and not [one for one in told["data"]["changes"] if "value" in one]


def test_each_answer_is_an_access_of_the_watchers_own(tmp_path: Path) -> None:
    with home_of("sqlite", tmp_path) as home:
        acme, gateway = home.tenant("acme"), Gateway(home.kit)
        gateway.watch(home.kit.token(acme, "viewer"))
        put(home, acme, 1)
        assert gateway.wake(acme) == 0
        told = [entry for entry in home.accesses(acme) if entry.actor.roles == ("viewer",)]
        assert [entry.event_type for entry in told] == ["access.whoami"] + ["config.changes_read"] * 4


def test_what_there_is_no_time_for_is_left_to_the_next_minute(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, token: str
) -> None:
    held = [gateway.watch(token) for _ in range(3)]
    for connection in held:
        gateway.told(connection)
    put(home, acme, 1)
    home.clock.hasten(pushes.SECONDS)
    assert gateway.wake(acme) == 0
    home.clock.hasten(0)
    assert sum(bool(gateway.lines.texts.get(connection)) for connection in held) < 3
    assert gateway.minute()
    assert [numbers(gateway.told(connection)) for connection in held] == [[1], [1], [1]]
