"""`audit_keeper`: what it did once it does not do again, and nothing that is asked for is lost by it."""

from datetime import date

from llm_config_domain.audit.entries import AuditQuery
from llm_config_domain.names import TenantId
from tests.support.entries import numbered
from tests.support.families import HomeUnderTest

LONG_AGO, LATER = date(2020, 1, 1), date(2030, 1, 1)


def test_what_was_migrated_and_made_is_there_the_second_time(home: HomeUnderTest, acme: TenantId) -> None:
    keeper = home.provide("audit_keeper")
    keeper.migrate(), keeper.make_months(LATER, 3)
    assert (list(keeper.migrate()), list(keeper.make_months(LATER, 3))) == ([], [])


def test_entries_are_appended_and_found_whether_their_month_was_made_before_or_after(
    home: HomeUnderTest, acme: TenantId
) -> None:
    keeper, appender = home.provide("audit_keeper"), home.provide("audit_appender")
    made = [numbered(acme, number, at="2030-02-28T23:59:59.999Z") for number in (1, 2)]
    appender.append(made[:1])
    keeper.make_months(LATER, 3)
    appender.append(made[1:])
    query = AuditQuery("2030-02-01T00:00:00.000Z", "2030-03-01T00:00:00.000Z")
    found = home.provide("audit_reader").find(acme, query, 10**6, 10)
    assert [leaf.record["id"] for leaf in found] == [made[1].id, made[0].id]


def test_a_month_that_has_not_ended_is_neither_archived_nor_dropped(home: HomeUnderTest, acme: TenantId) -> None:
    keeper = home.provide("audit_keeper")
    home.provide("audit_appender").append([numbered(acme, 1, at="2026-11-01T10:00:00.000Z")])
    assert list(keeper.archive(date(2026, 11, 30), 10)) == []
    assert "2026-11" not in keeper.drop(date(2026, 11, 30))
    assert home.provide("audit_reader").leaf(acme, numbered(acme, 1).id)


def test_what_was_archived_is_archived_once_and_answered_until_it_is_dropped(
    home: HomeUnderTest, acme: TenantId
) -> None:
    keeper, reader = home.provide("audit_keeper"), home.provide("audit_reader")
    home.provide("audit_appender").append([numbered(acme, 1, at="2026-03-01T10:00:00.000Z")])
    keeper.archive(date(2026, 4, 1), 10)
    assert list(keeper.archive(date(2026, 4, 1), 10)) == []
    assert reader.leaf(acme, numbered(acme, 1).id).record["timestamp"] == "2026-03-01T10:00:00.000Z"


def test_nothing_is_dropped_that_was_not_archived(home: HomeUnderTest, acme: TenantId) -> None:
    home.provide("audit_appender").append([numbered(acme, 1, at="2026-03-01T10:00:00.000Z")])
    assert list(home.provide("audit_keeper").drop(LATER)) == []
    assert home.provide("audit_reader").leaf(acme, numbered(acme, 1).id)
