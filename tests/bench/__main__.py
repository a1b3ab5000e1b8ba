"""`make bench`: measure the rows, print them, and keep them.

ROWS names rows to measure (all others keep their last figures); QUICK=1 is a look in under two minutes that keeps
nothing.
"""

import os
import sys

from tests.bench.catalog import ROWS
from tests.bench.measure import WrongAnswer, measure
from tests.bench.report import line, save

ROUNDS, SLICE_SECONDS = 7, 0.15
QUICK_ROUNDS, QUICK_SLICE_SECONDS = 3, 0.04


def main(names: str, *, quick: bool) -> int:
    wanted = [name.strip() for name in names.split(",") if name.strip()]
    unknown = set(wanted) - {row.name for row in ROWS}
    if unknown:
        sys.stderr.write(f"no such row: {', '.join(sorted(unknown))}; there are {', '.join(r.name for r in ROWS)}\n")
        return 2
    results, wrong = [], []
    for row in ROWS:
        if wanted and row.name not in wanted:
            continue
        try:
            result = measure(row, *((QUICK_ROUNDS, QUICK_SLICE_SECONDS) if quick else (ROUNDS, SLICE_SECONDS)))
        except WrongAnswer as error:
            wrong.append(str(error))
            continue
        results.append(result)
        sys.stderr.write(line(result) + "\n")
    if not quick:
        save(results)
    for told in wrong:
        sys.stderr.write(f"WRONG {told}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(os.environ.get("ROWS", ""), quick=bool(os.environ.get("QUICK"))))
