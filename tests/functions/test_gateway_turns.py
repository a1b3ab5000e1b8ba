"""Watching over API Gateway's WebSockets: many are woken at once, and each watcher is told by one of them at a time."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.watching import pushes
from llm_config_domain.errors import Contended, Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.watchers import Watcher
from tests.support.families import HomeUnderTest
from tests.support.gateway import Gateway
from tests.support.sweeping import home_of, put


class Busy:
    """The port `watchers` of a home, where `meanwhile` happens before what is kept is kept."""

    def __init__(self, port: Any) -> None:
        self._port = port
        self.meanwhile: list[Callable[[Watcher], object]] = []

    def keep(self, watcher: Watcher) -> Any:
        if self.meanwhile:
            self.meanwhile.pop(0)(watcher)
        return self._port.keep(watcher)

    def __getattr__(self, method: str) -> Any:
        return getattr(self._port, method)


@pytest.fixture(params=["sqlite", "dynamodb"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HomeUnderTest]:
    with home_of(request.param, tmp_path) as home:
        yield home


@pytest.fixture
def acme(home: HomeUnderTest) -> TenantId:
    return home.tenant("acme")


@pytest.fixture
def busy(home: HomeUnderTest) -> Busy:
    busy = Busy(home.provide("watchers"))
    home.kit.factories["watchers"] = lambda: busy
    return busy


@pytest.fixture
def gateway(home: HomeUnderTest, busy: Busy) -> Gateway:
    return Gateway(home.kit)


@pytest.fixture
def connection(home: HomeUnderTest, gateway: Gateway, acme: TenantId) -> str:
    """One who watches, with a change that it was not told of."""
    connection = gateway.watch(home.kit.token(acme, "viewer"))
    gateway.told(connection)
    put(home, acme, 1)
    return connection


def lost(_: Watcher) -> None:
    raise Contended


def let(_: Watcher) -> None:
    """Nothing happens meanwhile."""


def test_who_loses_the_turn_by_a_moment_looks_again(
    gateway: Gateway, busy: Busy, acme: TenantId, connection: str
) -> None:
    busy.meanwhile = [lambda watcher: busy._port.keep(watcher.left())]
    assert gateway.wake(acme) == 0
    assert gateway.kinds(connection) == ["changes"]


def test_one_that_was_closed_a_moment_ago_is_told_nothing(
    gateway: Gateway, busy: Busy, acme: TenantId, connection: str
) -> None:
    busy.meanwhile = [lambda watcher: busy.close(watcher.connection)]
    assert gateway.wake(acme) == 0
    assert gateway.kinds(connection) == []


def test_a_turn_that_cannot_be_had_comes_again(gateway: Gateway, busy: Busy, acme: TenantId, connection: str) -> None:
    busy.meanwhile = [lost] * 5
    assert gateway.wake(acme) == 1 and gateway.kinds(connection) == []
    assert gateway.wake(acme) == 0 and gateway.kinds(connection) == ["changes"]


def test_what_was_sent_and_could_not_be_noted_is_sent_again_rather_than_left_out(
    gateway: Gateway, busy: Busy, acme: TenantId, connection: str
) -> None:
    busy.meanwhile = [let, *[lost] * pushes.NOTED]
    assert gateway.wake(acme) == 1
    assert gateway.wake(acme) == 0
    first, second = gateway.told(connection)
    assert first == second


def test_a_subscription_that_cannot_be_kept_ends_with_a_problem_that_may_be_tried_again(
    home: HomeUnderTest, gateway: Gateway, busy: Busy, acme: TenantId
) -> None:
    busy.meanwhile = [lost]
    (end,) = gateway.told(gateway.watch(home.kit.token(acme, "viewer")))
    assert (end["event"], end["data"]["status"], end["data"]["retryable"]) == ("end", 503, True)


def test_one_that_left_while_nobody_could_be_reached_is_not_missed(
    gateway: Gateway, busy: Busy, acme: TenantId, connection: str
) -> None:
    def leaves(connection: str) -> None:
        busy.close(connection)
        raise Unavailable

    gateway.lines.before = leaves
    assert gateway.wake(acme) == 1 and busy.at(connection) is None


def test_one_that_was_opened_and_says_nothing_yet_is_told_nothing(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, connection: str
) -> None:
    silent = gateway.opened(home.kit.token(acme, "viewer"))
    assert gateway.wake(acme) == 0
    assert (gateway.kinds(silent), gateway.kinds(connection)) == ([], ["changes"])


def test_many_who_are_woken_at_once_tell_each_change_once_and_in_order(
    home: HomeUnderTest, gateway: Gateway, acme: TenantId, connection: str
) -> None:
    gateway.wake(acme)
    gateway.told(connection)

    def write_and_wake(number: int) -> None:
        put(home, acme, number)
        gateway.wake(acme)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_and_wake, range(2, 22)))
    gateway.minute()
    told = [change for message in gateway.told(connection) for change in message["data"].get("changes", [])]
    assert [change["revision"] for change in told] == list(range(2, 22))
