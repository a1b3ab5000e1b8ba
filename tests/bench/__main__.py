"""`make bench`: measure the rows, print them, and keep them.

ROWS=name,... measures these alone; the others keep the figures that they have. QUICK=1 is a look at all of them that
keeps nothing.
"""

import os
import sys
from collections.abc import Collection

from tests.bench.catalog import PRICES_ROW, ROWS
from tests.bench.measure import Result, WrongAnswer, measure
from tests.bench.prices import Priced, priced
from tests.bench.report import line, result, save, write_document

ROUNDS, SLICE_SECONDS = 7, 0.15
QUICK_ROUNDS, QUICK_SLICE_SECONDS = 3, 0.04


def main(wanted: Collection[str], *, quick: bool) -> int:
    names = [row.name for row in ROWS] + [PRICES_ROW]
    unknown = set(wanted) - set(names)
    if unknown:
        _say(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(names)}")
        return 2
    results, wrong = _measured(wanted or names, quick=quick)
    prices = _priced() if PRICES_ROW in (wanted or names) else []
    if not quick:
        save(results, prices, names)
        write_document()
    for told in wrong:
        _say(f"WRONG: {told}")
    return 1 if wrong else 0


def _measured(wanted: Collection[str], *, quick: bool) -> tuple[list[Result], list[str]]:
    rounds, seconds = (QUICK_ROUNDS, QUICK_SLICE_SECONDS) if quick else (ROUNDS, SLICE_SECONDS)
    results, wrong = [], []
    for row in ROWS:
        if row.name not in wanted:
            continue
        try:
            results.append(measure(row, rounds, seconds))
        except WrongAnswer as error:
            wrong.append(str(error))
            continue
        _say(line(result(results[-1])))
    return results, wrong


def _priced() -> list[Priced]:
    prices = priced()
    for one in prices:
        _say(f"{one.operation:32}{one.dollars:.2f} $ a million: {one.calls}")
    return prices


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    asked = [name.strip() for name in os.environ.get("ROWS", "").split(",") if name.strip()]
    sys.exit(main(asked, quick=bool(os.environ.get("QUICK"))))
