"""ports/fleet_writer.py, promise by promise."""

from dataclasses import replace

import pytest

from llm_config_domain import times
from llm_config_domain.errors import Unauthenticated
from llm_config_domain.fleet import KEPT_SECONDS, FleetReport
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest


def report(home: HomeUnderTest, namespace: str = "app", instance: str = "i-1", **told: object) -> FleetReport:
    at = times.rfc3339(home.clock.now())
    made = FleetReport(namespace, "production", "gateway", instance, 1, {"keys/main": "01"}, at, "service:gateway")
    return replace(made, **told)  # type: ignore[arg-type]


def held(home: HomeUnderTest, tenant: TenantId) -> list[FleetReport]:
    return list(home.provide("fleet_reader").reports(tenant, "*", 100))


def test_a_report_takes_the_place_of_the_one_before_it(home: HomeUnderTest, acme: TenantId) -> None:
    first, other = report(home), report(home, instance="i-2")
    home.provide("fleet_writer").report(acme, [first, other])
    second = report(home, revision=7, secrets={})
    home.provide("fleet_writer").report(acme, [second])
    assert held(home, acme) == [second, other]


def test_as_many_as_may_come_at_once_are_kept(home: HomeUnderTest, acme: TenantId) -> None:
    reports = [report(home, f"n-{number:02}") for number in range(50)]
    home.provide("fleet_writer").report(acme, reports)
    assert held(home, acme) == reports


def test_it_is_forgotten_after_a_quarter_of_an_hour(home: HomeUnderTest, acme: TenantId) -> None:
    home.provide("fleet_writer").report(acme, [report(home)])
    home.clock.step(KEPT_SECONDS - 10)
    assert len(held(home, acme)) == 1
    home.clock.step(20)
    assert held(home, acme) == []
    later = report(home)
    home.provide("fleet_writer").report(acme, [later])
    assert held(home, acme) == [later]


def test_it_is_no_change_of_the_tenants(home: HomeUnderTest, acme: TenantId) -> None:
    home.provide("fleet_writer").report(acme, [report(home)])
    assert home.changes(acme) == []


def test_a_tenant_that_is_not_active_reports_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        home.provide("fleet_writer").report(acme, [report(home)])
