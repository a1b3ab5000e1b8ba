"""How PostgreSQL answers about the audit: by an index, however many entries there are. What it plans is asked, not timed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from llm_config.adapters.postgres.audit import PostgresAudit
from llm_config.adapters.postgres.connection import Database
from llm_config_domain import times
from llm_config_domain.audit.entries import AuditQuery
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
from tests.support.entries import numbered
from tests.support.postgres import drop_database, function_of, new_database, owner_of

ACME, GLOBEX = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAW")
ENTRIES, AT_ONCE = 10_000, 1000
DAY = ("2026-03-15T00:00:00.000Z", "2026-03-16T00:00:00.000Z")
YEAR = ("2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z")
MARCH = "audit_leaves_2026_03"


class Explained:
    """A session that asks for the plan of whatever it is asked."""

    def __init__(self, session: Any, plans: list[str]) -> None:
        self._session, self._plans = session, plans

    def execute(self, query: Any, values: Any) -> Any:
        text = query if isinstance(query, bytes) else query.encode()
        self._plans.append("\n".join(row[0] for row in self._session.execute(b"EXPLAIN " + text, values)))
        return self._session.execute(query, values)


class ExplainingDatabase(Database):
    def __init__(self, address: Callable[[], str]) -> None:
        super().__init__(address)
        self.plans: list[str] = []

    def run(self, tenant: TenantId, work: Callable[[Any], Any]) -> Any:
        return super().run(tenant, lambda session: work(Explained(session, self.plans)))


@pytest.fixture(scope="module")
def database() -> Iterator[ExplainingDatabase]:
    """Ten thousand entries over four months, of two tenants by turns, as the function's own role sees them."""
    name = new_database()
    plain = Database(lambda: function_of(name))
    audit, begin = PostgresAudit(plain, lambda tenant: (), lambda: "5" * 64), datetime(2026, 1, 1, tzinfo=UTC)
    for first in range(0, ENTRIES, AT_ONCE):
        audit.append([_entry(number, begin) for number in range(first, first + AT_ONCE)])
    with psycopg.connect(owner_of(name), autocommit=True) as owner:
        owner.execute("ANALYZE")
    explaining = ExplainingDatabase(lambda: function_of(name))
    yield explaining
    explaining.close()
    plain.close()
    drop_database(name)


def _entry(number: int, begin: datetime) -> Any:
    return numbered(
        (ACME, GLOBEX)[number % 2],
        number,
        at=times.rfc3339(begin + timedelta(minutes=17 * number)),
        resource=Resource("configs", f"team-{number % 100}/key", "production"),
    )


def plan(database: ExplainingDatabase, work: Callable[[PostgresAudit], Any]) -> str:
    """Of the last thing that was asked."""
    database.plans.clear()
    work(PostgresAudit(database, lambda tenant: (), lambda: "5" * 64))
    return database.plans[-1]


@pytest.mark.parametrize(
    "query",
    [
        pytest.param(AuditQuery(*DAY), id="a day"),
        pytest.param(AuditQuery(*YEAR), id="a year"),
        pytest.param(AuditQuery(*YEAR, actor="user:eve"), id="an actor in a year"),
        pytest.param(AuditQuery(*YEAR, event_type="config.deleted"), id="a type in a year"),
        pytest.param(AuditQuery(*YEAR, namespace="team-7"), id="a namespace in a year"),
        pytest.param(AuditQuery(*DAY, namespace="team-7/*"), id="what is below one in a day"),
    ],
)
def test_a_query_reads_no_month_from_end_to_end(database: ExplainingDatabase, query: AuditQuery) -> None:
    told = plan(database, lambda audit: audit.find(ACME, query, 10**6, 100))
    assert MARCH in told and f"Seq Scan on {MARCH}" not in told, told


def test_a_time_is_looked_for_in_its_own_months_alone(database: ExplainingDatabase) -> None:
    told = plan(database, lambda audit: audit.find(ACME, AuditQuery(*DAY), 10**6, 100))
    assert "2026_02" not in told and "2026_04" not in told, told


def test_a_span_and_a_range_of_leaves_are_read_by_an_index(database: ExplainingDatabase) -> None:
    for work in (lambda audit: audit.span(ACME, *DAY, 10**6), lambda audit: audit.leaves(ACME, 2000, 2010)):
        told = plan(database, work)
        assert f"Seq Scan on {MARCH}" not in told, told


def test_the_newest_of_an_actor_are_read_in_their_order_however_many_there_are(database: ExplainingDatabase) -> None:
    told = plan(database, lambda audit: audit.find(ACME, AuditQuery(*YEAR, actor="user:ana"), 10**6, 100))
    _, _, by_pseudonym = told.split("->  Limit")
    assert "Merge Append" in by_pseudonym and "->  Sort" not in by_pseudonym, told
    assert f"Seq Scan on {MARCH}" not in by_pseudonym, told
