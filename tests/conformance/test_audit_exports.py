"""`audit_exports`: an address that is empty until the export is made, and good for a quarter of an hour."""

from dataclasses import replace

from llm_config_domain import times
from llm_config_domain.audit.exports import URL_SECONDS, ExportOrder
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest

BEGIN, END = "2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"


def order(tenant: TenantId) -> ExportOrder:
    return ExportOrder(tenant, BEGIN, END, 3, 9, 12, BEGIN)


def test_an_address_is_empty_until_the_export_is_made(home: HomeUnderTest, acme: TenantId) -> None:
    exports = home.provide("audit_exports")
    place = exports.ask(order(acme))
    assert not place.made and home.fetched(place.url) is None
    exports.put(order(acme), b'{"entries":[]}')
    assert home.fetched(place.url) == b'{"entries":[]}'
    assert exports.ask(order(acme)).made and home.fetched(exports.ask(order(acme)).url) == b'{"entries":[]}'


def test_an_address_says_until_when_it_is_good(home: HomeUnderTest, acme: TenantId) -> None:
    before = times.later(home.clock.now(), URL_SECONDS)
    place = home.provide("audit_exports").ask(order(acme))
    assert times.rfc3339(before) <= place.expires_at <= times.rfc3339(times.later(home.clock.now(), URL_SECONDS))


def test_making_it_twice_changes_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    exports = home.provide("audit_exports")
    for _ in range(2):
        exports.put(order(acme), b"{}")
    assert home.fetched(exports.ask(order(acme)).url) == b"{}"


def test_another_range_another_time_and_another_tenant_are_other_exports(home: HomeUnderTest, acme: TenantId) -> None:
    exports = home.provide("audit_exports")
    exports.put(order(acme), b"{}")
    for other in (replace(order(acme), first=4), replace(order(acme), end=BEGIN), order(home.tenant("globex"))):
        assert not exports.ask(other).made
    assert exports.ask(replace(order(acme), size=13)).made
