"""ports/fleet_reader.py, promise by promise."""

import pytest

from llm_config_domain.errors import Unauthenticated
from llm_config_domain.names import TenantId
from tests.conformance.test_fleet_writer import report
from tests.support.families import HomeUnderTest

NAMESPACES = ("tea", "team", "team-x", "team/a", "team/b")


@pytest.fixture
def reported(home: HomeUnderTest, acme: TenantId) -> TenantId:
    for namespace in reversed(NAMESPACES):
        home.provide("fleet_writer").report(acme, [report(home, namespace, instance) for instance in ("i-2", "i-10")])
    return acme


@pytest.mark.parametrize(
    ("glob", "namespaces"),
    [("*", NAMESPACES), ("team", ("team",)), ("team/*", ("team/a", "team/b")), ("tea", ("tea",)), ("te", ())],
)
def test_those_of_the_namespaces_are_told_in_their_order(
    home: HomeUnderTest, reported: TenantId, glob: str, namespaces: tuple[str, ...]
) -> None:
    found = home.provide("fleet_reader").reports(reported, glob, 100)
    assert [(one.namespace, one.instance) for one in found] == [
        (namespace, instance) for namespace in namespaces for instance in ("i-10", "i-2")
    ]


def test_environments_and_services_are_in_order_too(home: HomeUnderTest, acme: TenantId) -> None:
    places = [
        ("app", "edge", "b", "i-1"),
        ("app", "production", "a", "i-1"),
        ("app", "production", "a-b", "i-1"),
    ]
    for _, environment, service, instance in reversed(places):
        told = report(home, "app", instance, environment=environment, service=service)
        home.provide("fleet_writer").report(acme, [told])
    assert [one.place for one in home.provide("fleet_reader").reports(acme, "app", 100)] == places


def test_there_are_no_more_than_were_asked_for(home: HomeUnderTest, reported: TenantId) -> None:
    assert len(home.provide("fleet_reader").reports(reported, "*", 3)) == 3


def test_a_tenant_sees_its_own(home: HomeUnderTest, reported: TenantId) -> None:
    assert home.provide("fleet_reader").reports(home.tenant("globex"), "*", 100) == []


def test_a_tenant_that_is_not_active_sees_nothing(home: HomeUnderTest, reported: TenantId) -> None:
    home.suspend(reported)
    with pytest.raises(Unauthenticated):
        home.provide("fleet_reader").reports(reported, "*", 1)
