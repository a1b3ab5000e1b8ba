"""ports/journal_lines.py, promise by promise."""

import json

import pytest

from llm_config_domain.configs.changes import Replacement
from llm_config_domain.journal import JournalEntry
from llm_config_domain.lines import FIRST, Line, LineKind, LineRow, Place
from llm_config_domain.names import PLATFORM, TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, put_config, put_secret, step


def batch(home: HomeUnderTest, tenant: TenantId, *paths: str) -> None:
    steps = [
        step(home, name_of(tenant, path), Replacement, value="1", classification="internal", tags={}) for path in paths
    ]
    home.provide("config_writer").write(steps, idempotency=None)


def rows(home: HomeUnderTest, line: Line, first: Place = FIRST, limit: int = 100) -> list[LineRow]:
    return list(home.provide("journal_lines").rows(line, first, limit))


def test_every_tenant_is_told_in_the_order_of_their_ids(home: HomeUnderTest) -> None:
    made = [home.tenant(name) for name in ("zeta", "acme", "globex")]
    lines, everybody = home.provide("journal_lines"), sorted([PLATFORM, *made])
    assert list(lines.tenants("", 100)) == everybody
    assert list(lines.tenants("", 2)) == everybody[:2]
    assert list(lines.tenants(everybody[1], 100)) == everybody[2:]
    assert list(lines.tenants(everybody[-1], 100)) == []


def test_a_tenant_that_is_not_active_is_told_too_and_so_are_its_lines(home: HomeUnderTest, acme: TenantId) -> None:
    home.suspend(acme)
    lines = home.provide("journal_lines")
    assert acme in lines.tenants("", 100)
    assert list(lines.lines(acme)) == [(Line(acme, LineKind.CONTROL), 1)]
    assert len(rows(home, Line(acme, LineKind.CONTROL))) == 1


def test_each_line_of_a_tenant_is_told_with_its_newest_revision(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme))
    put_config(home, name_of(acme), "2")
    put_config(home, name_of(acme, "team/a/key"))
    put_secret(home, name_of(acme))
    put_config(home, name_of(home.tenant("acme-corp"), "elsewhere/key"))
    assert dict(home.provide("journal_lines").lines(acme)) == {
        Line(acme, LineKind.CONTROL): 1,
        Line(acme, LineKind.CONFIGS, "gateway"): 2,
        Line(acme, LineKind.CONFIGS, "team/a"): 1,
        Line(acme, LineKind.SECRETS, "gateway"): 1,
    }


def test_the_rows_of_a_line_are_the_entries_of_its_changes_in_their_order(home: HomeUnderTest, acme: TenantId) -> None:
    for number in range(12):
        put_config(home, name_of(acme, f"gateway/key-{number % 3}"), str(number))
    put_secret(home, name_of(acme))
    found = rows(home, Line(acme, LineKind.CONFIGS, "gateway"))
    told = [JournalEntry.from_record(json.loads(row.entry)) for row in found]
    assert told == home.changes(acme, "configs")
    assert [row.place for row in found] == [Place(number) for number in range(1, 13)]
    assert {row.rest for row in found} == {0}


@pytest.mark.parametrize("kind", list(LineKind))
def test_every_kind_of_line_has_its_rows(home: HomeUnderTest, acme: TenantId, kind: LineKind) -> None:
    put_config(home, name_of(acme))
    put_secret(home, name_of(acme))
    (found,) = rows(home, Line(acme, kind, "" if kind is LineKind.CONTROL else "gateway"))
    told = {LineKind.CONFIGS: "config.created", LineKind.SECRETS: "secret.created", LineKind.CONTROL: "tenant.created"}
    assert json.loads(found.entry)["event_type"] == told[kind]


def test_a_row_says_how_many_of_its_revision_come_behind_it(home: HomeUnderTest, acme: TenantId) -> None:
    batch(home, acme, "gateway/a", "other/a", "gateway/b", "gateway/c")
    put_config(home, name_of(acme))
    found = rows(home, Line(acme, LineKind.CONFIGS, "gateway"))
    assert [(row.place, row.rest) for row in found] == [
        (Place(1, 0), 2),
        (Place(1, 1), 1),
        (Place(1, 2), 0),
        (Place(2, 0), 0),
    ]
    assert [row.next for row in found[:-1]] == [row.place for row in found[1:]]
    assert [row.rest for row in rows(home, Line(acme, LineKind.CONFIGS, "other"))] == [0]


def test_no_more_rows_are_given_than_asked_for_and_none_before_a_place(home: HomeUnderTest, acme: TenantId) -> None:
    batch(home, acme, *(f"gateway/key-{number}" for number in range(12)))
    put_config(home, name_of(acme))
    line = Line(acme, LineKind.CONFIGS, "gateway")
    whole = rows(home, line)
    assert rows(home, line, limit=3) == whole[:3]
    assert rows(home, line, Place(1, 9), 2) == whole[9:11]
    assert rows(home, line, Place(2)) == whole[12:]
    assert rows(home, line, Place(3)) == []


def test_a_line_that_nothing_was_written_on_has_no_rows(home: HomeUnderTest, acme: TenantId) -> None:
    assert rows(home, Line(acme, LineKind.CONFIGS, "gateway")) == []
    assert rows(home, Line(acme, LineKind.SECRETS, "gateway")) == []
