"""What a month costs on AWS: requests as `prices` counts them, and what a stage costs while nobody asks.

`make cost` prints the table and writes it into docs/deploy.md; `make cost READS=5e6 SECRETS=1e5 WRITES=2e4 TENANTS=30`
prints one line for a month of yours. What stands is counted in `standing.json`, which the tests of the templates hold to
what is deployed; each tenant has a key of its own.
"""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.marked import between
from tests.bench.prices import PRICES, Priced, priced

DOCUMENT = Path(__file__).parents[2] / "docs" / "deploy.md"
STANDING: dict[str, int] = json.loads(Path(__file__).with_name("standing.json").read_text())
BEGIN, END = "<!-- written by make cost -->", "<!-- end of the cost table -->"
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Month:
    """`reads` are resolves that reach the API (an SDK answers most of them itself), `secrets` are reads of secrets,
    `writes` those of configs; a tenth of that many secrets are written."""

    name: str
    tenants: int
    reads: float
    secrets: float
    writes: float

    def requests(self, of_a_million: Mapping[str, float]) -> float:
        """Dollars for what is asked: one read in ten finds a container that has not got its answer yet."""
        asked = {
            "resolve_config, the first time": 0.1 * self.reads,
            "resolve_config, again": 0.9 * self.reads,
            "get_secret, the first time": 0.1 * self.secrets,
            "get_secret, again": 0.9 * self.secrets,
            "put_config": self.writes,
            "put_secret": 0.1 * self.writes,
        }
        return sum(times / MILLION * of_a_million[operation] for operation, times in asked.items())

    @property
    def standing(self) -> float:
        """Dollars for what is there, whoever asks."""
        price = PRICES["dollars_a_month"]
        counted = STANDING | {"kms_key": STANDING["kms_key"] + self.tenants}
        return sum(number * float(price[what]) for what, number in counted.items())


MONTHS = (
    Month("a team: one tenant, ten services", 1, 1e6, 1e5, 5e3),
    Month("a company: 20 tenants", 20, 2e7, 2e6, 1e5),
    Month("a platform: 500 tenants", 500, 5e8, 2e7, 2e6),
)
HEAD = ("a month of", "resolves", "secret reads", "writes", "requests, $", "standing, $", "together, $")


def rows(months: Sequence[Month], prices: Sequence[Priced]) -> list[tuple[str, ...]]:
    of_a_million = {one.operation: one.dollars for one in prices}
    return [_row(month, month.requests(of_a_million)) for month in months]


def _row(month: Month, requests: float) -> tuple[str, ...]:
    asked = (f"{number:,.0f}" for number in (month.reads, month.secrets, month.writes))
    paid = (f"{dollars:,.2f}" for dollars in (requests, month.standing, requests + month.standing))
    return (month.name, *asked, *paid)


def markdown(table: Sequence[Sequence[str]]) -> str:
    lines = [HEAD, ("---", *["---:"] * (len(HEAD) - 1)), *table]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def document(text: str, table: Sequence[Sequence[str]]) -> str:
    """`text` with the table between its two marks."""
    return between(text, BEGIN, END, markdown(table))


def asked_for(variables: Mapping[str, str]) -> tuple[Month, ...]:
    """The month that the variables describe; those of the document when they describe none. Raises ValueError."""
    given = {name: variables[name] for name in ("TENANTS", "READS", "SECRETS", "WRITES") if variables.get(name)}
    if not given:
        return MONTHS
    told = {name: float(text) for name, text in given.items()}
    if any(not 0 <= number <= 1e15 for number in told.values()):
        raise ValueError("a month's numbers are between 0 and 1e15")
    return (
        Month(
            "yours",
            int(told.get("TENANTS", 1)),
            told.get("READS", 0),
            told.get("SECRETS", 0),
            told.get("WRITES", 0),
        ),
    )


def aligned(table: Sequence[Sequence[str]]) -> str:
    """For a terminal: words to the left, numbers to the right."""
    widths = [max(len(line[at]) for line in (HEAD, *table)) for at in range(len(HEAD))]
    lines = ([cell.rjust(width) for cell, width in zip(line, widths, strict=True)] for line in (HEAD, *table))
    return "\n".join("  ".join([first.lstrip().ljust(widths[0]), *numbers]) for first, *numbers in lines)


def main(variables: Mapping[str, str]) -> int:
    try:
        months = asked_for(variables)
    except ValueError:
        sys.stderr.write("a number is written 5e6, 5000000 or 0, and is not over 1e15: make cost READS=5e6 TENANTS=3\n")
        return 2
    table = rows(months, priced())
    sys.stdout.write(aligned(table) + f"\n\nPrices: {PRICES['source']}.\n")
    if months is MONTHS:
        DOCUMENT.write_text(document(DOCUMENT.read_text(), table))
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
