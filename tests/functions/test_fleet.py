"""The fleet's view: who is on which revision."""

from datetime import timedelta
from typing import Any

import pytest

from llm_config.operations.fleet import get_fleet
from llm_config_domain.fleet import KEPT_SECONDS, STALE_SECONDS
from llm_config_domain.names import TenantId
from tests.support.clocks import SteppedClock
from tests.support.everyday import ok, put, refused, walked
from tests.support.homes import EmbeddedKit, embedded

FLEET, REPORTS = "/api/v1/fleet", "/api/v1/fleet-reports"
SECRETS = [{"path": "keys/main", "version_id": "01HZZZZZZZZZZZZZZZZZ000007"}]


@pytest.fixture
def acme(home: EmbeddedKit) -> TenantId:
    return home.tenant("acme")


@pytest.fixture
def token(home: EmbeddedKit, acme: TenantId) -> str:
    return home.token(acme, "operator")


def report(home: EmbeddedKit, token: str, instance: str, *namespaces: str, environment: str = "production",
           revision: int = 1, **told: Any) -> Any:  # fmt: skip
    items = [
        {"namespace": namespace, "environment": environment, "revision": revision, **told} for namespace in namespaces
    ]
    body = {"service": "gateway", "instance": instance, "items": items}
    return home.call("POST", REPORTS, body, token=token)


def counted(told: Any) -> tuple[int, int, int, int, bool]:
    return told["total"], told["current"], told["behind"], told["stale"], told["converged"]


def test_a_change_puts_the_fleet_behind_until_everybody_has_it(home: EmbeddedKit, token: str) -> None:
    put(home, token, "app/a")
    for instance in ("i-1", "i-2"):
        assert ok(report(home, token, instance, "app")) == {"report_again_seconds": 60}
    assert counted(ok(home.call("GET", FLEET, token=token))) == (2, 2, 0, 0, True)
    put(home, token, "app/a", 2)
    ok(report(home, token, "i-2", "app", revision=2))
    told = ok(home.call("GET", f"{FLEET}?namespace=app&environment=production", token=token))
    assert counted(told) == (2, 1, 1, 0, False)
    assert [(one["instance"], one["revision"], one["current_revision"], one["standing"]) for one in told["items"]] == [
        ("i-1", 1, 2, "behind"),
        ("i-2", 2, 2, "current"),
    ]
    assert {one["reported_by"] for one in told["items"]} == {"user:local"}


def test_nobody_is_no_converged_fleet(home: EmbeddedKit, token: str) -> None:
    assert counted(ok(home.call("GET", FLEET, token=token))) == (0, 0, 0, 0, False)


def test_who_is_silent_is_stale_and_then_gone(tmp_path: Any) -> None:
    clock = SteppedClock()
    with embedded(tmp_path / "home", clock=clock) as home:
        token = home.token(home.tenant("acme"), "operator", ttl=10 * KEPT_SECONDS)
        put(home, token, "app/a")
        ok(report(home, token, "i-1", "app"))
        clock.step(STALE_SECONDS)
        assert counted(ok(home.call("GET", FLEET, token=token))) == (1, 0, 0, 1, False)
        clock.step(KEPT_SECONDS - STALE_SECONDS)
        assert ok(home.call("GET", FLEET, token=token))["total"] == 0
        assert timedelta(seconds=KEPT_SECONDS)


def test_the_place_that_is_said_twice_is_kept_once(home: EmbeddedKit, token: str) -> None:
    ok(report(home, token, "i-1", "app", "app", "other"))
    assert ok(home.call("GET", FLEET, token=token))["total"] == 2


def test_a_page_is_a_part_and_the_counts_are_of_all(home: EmbeddedKit, token: str) -> None:
    for number in range(5):
        ok(report(home, token, f"i-{number}", "app"))
    pages = walked(home, token, f"{FLEET}?limit=2")
    assert [[one["instance"] for one in page["items"]] for page in pages] == [["i-0", "i-1"], ["i-2", "i-3"], ["i-4"]]
    assert {page["total"] for page in pages} == {5}


def test_only_what_may_be_listed_is_shown_and_counted(home: EmbeddedKit, acme: TenantId, token: str) -> None:
    for environment in ("development", "production"):
        ok(report(home, token, "i-1", "app", environment=environment, secrets=SECRETS))
    assert ok(home.call("GET", f"{FLEET}?environment=dev", token=token))["total"] == 1
    told = ok(home.call("GET", FLEET, token=home.token(acme, "developer")))
    assert (told["total"], [one["environment"] for one in told["items"]]) == (1, ["development"])
    mine = home.token(acme, "service-account", attributes={"namespaces": "app"})
    told = ok(home.call("GET", f"{FLEET}?namespace=app", token=mine))
    assert [one["secrets"] for one in told["items"]] == [[], []], "of secrets that it may not list it sees nothing"
    assert ok(home.call("GET", FLEET, token=token))["items"][0]["secrets"] == SECRETS


def test_who_may_not_read_in_a_namespace_does_not_report_it(home: EmbeddedKit, acme: TenantId) -> None:
    mine = home.token(acme, "service-account", attributes={"namespaces": "app"})
    assert report(home, mine, "i-1", "app").status == 200
    assert refused(report(home, mine, "i-1", "app", "other")) == (403, "permission_denied")
    assert ok(home.call("GET", FLEET, token=home.token(acme, "viewer")))["total"] == 1, "all or nothing"


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"service": "A"}, id="no service"),
        pytest.param({"instance": "a#b"}, id="no instance"),
        pytest.param({"items": []}, id="nothing"),
        pytest.param({"items": [{"namespace": "a", "environment": "edge", "revision": 1}] * 51}, id="too much at once"),
        pytest.param({"items": [{"namespace": "a", "environment": "edge", "revision": -1}]}, id="no revision"),
        pytest.param(
            {"items": [{"namespace": "a", "environment": "system", "revision": 1}]}, id="the platform's layer"
        ),
        pytest.param({"items": [{"namespace": "a/*", "environment": "edge", "revision": 1}]}, id="a glob"),
    ],
)
def test_what_is_no_report_is_refused(home: EmbeddedKit, token: str, wrong: dict[str, Any]) -> None:
    item = {"namespace": "a", "environment": "edge", "revision": 1}
    body = {"service": "gateway", "instance": "i-1", "items": [item], **wrong}
    assert refused(home.call("POST", REPORTS, body, token=token)) == (400, "malformed")


@pytest.mark.parametrize("limit", ["MAX_REPORTS", "MAX_NAMESPACES"])
def test_what_is_too_much_to_count_is_refused(
    home: EmbeddedKit, token: str, limit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(get_fleet, limit, 1)
    for name in ("a", "b"):
        put(home, token, f"{name}/key")
        ok(report(home, token, "i-1", name))
    assert refused(home.call("GET", FLEET, token=token)) == (413, "too_large")
    assert ok(home.call("GET", f"{FLEET}?namespace=a", token=token))["total"] == 1
