"""A year of one tenant's audit on a real PostgreSQL: how fast it grows, and how fast it answers when it is large.

`make audit-load` loads a million entries and writes the table into docs/performance.md; `make audit-load ENTRIES=1e5` is
a look, and writes nothing. Times are the wall's, since the server is a process of its own; DATABASE_URL names another
server than the wheel's.
"""

import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import psycopg

from llm_config.adapters.postgres.audit import PostgresAudit
from llm_config.adapters.postgres.connection import Database
from llm_config_domain import times
from llm_config_domain.audit import tree
from llm_config_domain.audit.entries import AuditQuery
from llm_config_domain.journal import Actor, JournalEntry
from llm_config_domain.names import TenantId
from llm_config_domain.policy import Resource
from tests.bench.marked import between
from tests.support.entries import numbered
from tests.support.postgres import drop_database, function_of, new_database, owner_of

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")
BEGIN_OF_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
DAY = ("2026-06-15T00:00:00.000Z", "2026-06-16T00:00:00.000Z")
MONTH = ("2026-06-01T00:00:00.000Z", "2026-07-01T00:00:00.000Z")
YEAR = ("2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z")
TYPES = ("config.updated", "secret.accessed", "config.resolved", "access.denied")
MILLION, AT_ONCE, PAGE, TRIES = 1_000_000, 100, 100, 15
DOCUMENT = Path(__file__).parents[2] / "docs" / "performance.md"
BEGIN, END = "<!-- written by make audit-load -->", "<!-- end of the audit's table -->"
Line = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Load:
    """`size` entries over a year: of 500 people, 200 namespaces and four types, and as large as they are in life."""

    audit: PostgresAudit
    size: int

    def entry(self, number: int) -> JournalEntry:
        return numbered(
            TENANT,
            number,
            id=f"01M7XB2CPDX901Z5{number:010d}",
            at=times.rfc3339(BEGIN_OF_YEAR + number * timedelta(days=365) / self.size),
            event_type=TYPES[number % len(TYPES)],
            actor=Actor(f"user:{number % 500}", "user", ("operator",)),
            resource=Resource("configs", f"team-{number % 200}/app/key", "production"),
        )

    def append(self, first: int, count: int = AT_ONCE) -> float:
        """Seconds for one transaction. What the entries cost to make is not in it."""
        made = [self.entry(number) for number in range(first, first + count)]
        begin = time.perf_counter()
        self.audit.append(made)
        return time.perf_counter() - begin

    def grow(self) -> list[Line]:
        took: list[float] = []
        for first in range(0, self.size, AT_ONCE):
            took.append(self.append(first))
            if first % (self.size // 10) == 0:
                sys.stderr.write(f"\r  {first:,} of {self.size:,} entries, {sum(took):.0f} s")
        sys.stderr.write("\r\033[K")
        tenth = max(1, len(took) // 10)
        text = f"{_ms(took[-tenth:])} ({_ms(took[:tenth])} at the beginning)"
        ones = [self.append(self.size + number, 1) for number in range(TRIES)]
        return [
            (f"append {AT_ONCE} entries in one transaction", f"{text}: {self.size / sum(took):,.0f} entries a second"),
            ("append 1 entry", _ms(ones)),
        ]

    def answers(self) -> list[Line]:
        return [
            (words, _ms([_seconds(question) for _ in range(TRIES)])) for words, question in self._questions().items()
        ]

    def _questions(self) -> Mapping[str, Callable[[], object]]:
        middle = self.size // 2
        return {
            "the newest 100 of a day": self._newest(AuditQuery(*DAY)),
            "the newest 100 of the year": self._newest(AuditQuery(*YEAR)),
            "the newest 100 of an actor, in the year": self._newest(AuditQuery(*YEAR, actor="user:7")),
            "the newest 100 of a type, in the year": self._newest(AuditQuery(*YEAR, event_type="access.denied")),
            "the newest 100 of a namespace, in the year": self._newest(AuditQuery(*YEAR, namespace="team-7/app")),
            "the newest 100 below a namespace, in a month": self._newest(AuditQuery(*MONTH, namespace="team-7/*")),
            "the span of a day": lambda: self.audit.span(TENANT, *DAY, self.size),
            "the span of the year": lambda: self.audit.span(TENANT, *YEAR, self.size),
            "one entry by its id": lambda: self.audit.leaf(TENANT, self.entry(middle).id),
            f"the nodes of its proof ({len(self._proof())} hashes)": self._proof,
            "1,000 entries for an export": lambda: self.audit.leaves(TENANT, middle, middle + 1_000),
        }

    def _newest(self, query: AuditQuery) -> Callable[[], object]:
        found = self.audit.find(TENANT, query, self.size, PAGE)
        assert found, "a question that finds nothing measures nothing"
        return lambda: self.audit.find(TENANT, query, self.size, PAGE)

    def _proof(self) -> tuple[bytes, ...]:
        def look(at: tree.Lookup) -> tuple[bytes, ...]:
            return tuple(tree.inclusion(self.size // 3, self.size, at))

        return look(self.audit.nodes(TENANT, tree.needed(look)).__getitem__)


def _seconds(question: Callable[[], object]) -> float:
    begin = time.perf_counter()
    question()
    return time.perf_counter() - begin


def _ms(took: list[float]) -> str:
    return f"{median(took) * 1000:.3g} ms"


def measured(size: int) -> list[Line]:
    name = new_database()
    try:
        load = Load(PostgresAudit(Database(lambda: function_of(name)), lambda tenant: (), secrets.token_hex), size)
        lines = load.grow() + load.answers()
        with psycopg.connect(owner_of(name)) as db:
            (size_now,) = db.execute("SELECT pg_database_size(current_database())").fetchone() or (0,)
        return [*lines, ("the whole database", f"{size_now / 1e9:.2g} GB")]
    finally:
        drop_database(name)


def markdown(lines: list[Line], size: int, on: date) -> str:
    head = f"\n{on.isoformat()}, {os.cpu_count()} CPUs; medians, of {TRIES} where nothing else is said.\n"
    rows = "\n".join(f"| {words} | {figure} |" for words, figure in lines)
    return f"{head}\n| what | at {size:,} entries |\n|---|---|\n{rows}\n"


def main(variables: Mapping[str, str]) -> int:
    try:
        size = int(float(variables.get("ENTRIES") or MILLION))
    except (ValueError, OverflowError):
        size = 0
    if not 10_000 <= size <= 100 * MILLION or size % AT_ONCE:
        sys.stderr.write("entries come in hundreds, between 1e4 and 1e8: make audit-load ENTRIES=1e5\n")
        return 2
    table = markdown(measured(size), size, datetime.now(UTC).date())
    sys.stdout.write(table)
    if size == MILLION:
        DOCUMENT.write_text(between(DOCUMENT.read_text(), BEGIN, END, table))
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
