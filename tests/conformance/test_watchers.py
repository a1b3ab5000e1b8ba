"""ports/watchers.py, promise by promise."""

from typing import Any

import pytest

from llm_config.adapters.dynamodb import watchers as on_aws
from llm_config_domain import times, watchers
from llm_config_domain.callers import Caller
from llm_config_domain.errors import Contended, RateLimited
from llm_config_domain.names import TenantId
from llm_config_domain.watchers import KEPT, Subscription, Watcher
from llm_config_local.adapters import watchers as at_home
from tests.support.families import HomeUnderTest


@pytest.fixture
def port(home: HomeUnderTest) -> Any:
    return home.provide("watchers")


def watcher(home: HomeUnderTest, tenant: TenantId, connection: str = "one=") -> Watcher:
    caller = Caller(tenant, "ada", frozenset({"viewer"}), attributes={"level": 3})
    return Watcher(connection=connection, caller=caller, opened_at=times.rfc3339(home.clock.now()))


def test_one_that_was_opened_is_there_by_its_connection_and_among_its_tenants(
    home: HomeUnderTest, port: Any, acme: TenantId
) -> None:
    opened = watcher(home, acme)
    port.open(opened)
    assert port.at("one=") == opened and list(port.of(acme)) == [opened] and list(port.tenants()) == [acme]
    assert port.at("two=") is None and not port.of(home.tenant("globex"))


def test_a_tenants_come_in_the_order_in_which_they_were_opened(home: HomeUnderTest, port: Any, acme: TenantId) -> None:
    for connection in ("c=", "a=", "b="):
        port.open(watcher(home, acme, connection))
        home.clock.step(1)
    assert [one.connection for one in port.of(acme)] == ["c=", "a=", "b="]


def test_what_was_kept_is_read_from_then_on(home: HomeUnderTest, port: Any, acme: TenantId) -> None:
    port.open(watcher(home, acme))
    kept = port.keep(port.at("one=").subscribed(Subscription("*", None, "0"), home.clock.now()))
    assert kept == port.at("one=") and list(port.of(acme)) == [kept] and kept.subscription is not None


def test_of_two_who_read_the_same_one_alone_keeps(home: HomeUnderTest, port: Any, acme: TenantId) -> None:
    port.open(watcher(home, acme))
    first = second = port.at("one=")
    kept = port.keep(first)
    with pytest.raises(Contended):
        port.keep(second)
    assert port.at("one=") == kept and port.keep(kept)


def test_one_that_was_closed_is_gone_and_is_not_kept_again(home: HomeUnderTest, port: Any, acme: TenantId) -> None:
    port.open(watcher(home, acme))
    read = port.at("one=")
    for _ in range(2):
        port.close("one=")
        assert port.at("one=") is None and not port.of(acme)
    with pytest.raises(Contended):
        port.keep(read)


def test_one_is_forgotten_two_hours_after_it_was_opened(home: HomeUnderTest, port: Any, acme: TenantId) -> None:
    port.open(watcher(home, acme))
    home.clock.step(KEPT.total_seconds() + 1)
    assert port.at("one=") is None and not port.of(acme) and not port.tenants()


def test_a_tenant_has_so_many_and_its_place_is_free_again_when_one_closes(
    home: HomeUnderTest, port: Any, acme: TenantId, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit_to(monkeypatch, 2)
    for connection in ("one=", "two="):
        port.open(watcher(home, acme, connection))
    with pytest.raises(RateLimited) as refused:
        port.open(watcher(home, acme, "three="))
    assert refused.value.retry_after
    port.open(watcher(home, home.tenant("globex"), "four="))
    port.close("one=")
    port.open(watcher(home, acme, "three="))


def limit_to(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    assert watchers.MAX_WATCHERS == 2000
    for module in (on_aws, at_home):
        monkeypatch.setattr(module, "MAX_WATCHERS", count)
