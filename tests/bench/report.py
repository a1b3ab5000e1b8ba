"""The figures on a terminal, in `results.json`, and in docs/performance.md."""

import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.bench.anchors import ANCHORS
from tests.bench.marked import between
from tests.bench.measure import Result
from tests.bench.prices import PRICES, Priced

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("results.json")
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"
LIBRARIES = ("boto3", "botocore", "pydantic", "simplejson", "cryptography", "pyjwt", "aws-encryption-sdk", "starlette",
             "uvicorn", "jsonschema-rs", "jsonpatch", "deepmerge", "uvloop", "httptools")  # fmt: skip
Told = dict[str, Any]


def machine() -> Told:
    """What a figure depends on, and nothing that tells whose machine it was."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "processor": _processor(),
        "cpus": os.cpu_count(),
        "python": platform.python_version(),
        "libraries": {name: found for name in LIBRARIES if (found := _version(name))},
    }


def result(measured: Result) -> Told:
    told = asdict(measured)
    told["product"] = _short(told["product"])
    for peer in told["compared"]:
        peer |= {name: _short(peer[name]) for name in ("figure", "ratio", "least", "most")}
    return told | {"date": datetime.now(UTC).strftime("%Y-%m-%d")}


def save(results: Sequence[Result], prices: Sequence[Priced], order: Sequence[str], file: Path = RESULTS) -> None:
    """What was measured now, and of the other rows what is known from before."""
    known = json.loads(file.read_text()) if file.exists() else {"rows": [], "prices": []}
    rows = {row["name"]: row for row in known["rows"]} | {one.name: result(one) for one in results}
    told = {
        "machine": machine(),
        "rows": [rows[name] for name in order if name in rows],
        "prices": [asdict(one) | {"dollars": round(one.dollars, 3)} for one in prices] or known["prices"],
    }
    file.write_text(json.dumps(told, indent=1) + "\n")


def document(told: Told, text: str) -> str:
    """`text` with the figures of `told` between its two marks."""
    return between(text, BEGIN, END, tables(told))


def tables(told: Told) -> str:
    made = told["machine"]
    libraries = ", ".join(f"{name} {number}" for name, number in made["libraries"].items())
    lines = [f"\n{made['date']}, {made['cpus']} CPUs ({made['processor']}), Python {made['python']}; {libraries}.\n"]
    lines += ["| row | product | peer | ratio (least to most) | must | goal | |", "|---|---|---|---|---|---|---|"]
    lines += [line for row in told["rows"] for line in _row(row)]
    lines += ["", "How to read a row:", ""]
    lines += [f"- {row['title']} (`{row['name']}`): {row['how']}." + _remark(row) for row in told["rows"]]
    lines += ["", "| operation | calls | read units | write units | log bytes | dollars a million |"]
    lines += ["|---|---|---|---|---|---|", *(_price(one) for one in told["prices"])]
    lines += [f"| *{name}* | | | | | {price:.2f} |" for name, price in PRICES["peers"].items()]
    return "\n".join([*lines, "", f"Prices: {PRICES['source']}.", ""])


def line(told: Told) -> str:
    """One row on a terminal."""
    cells = [cell.strip() for cell in _row(told)[0].strip("|").split("|")]
    first = f"{told['name']:26}" + "  ".join(cells[1:])
    more = [f"{'':26}{text}" for text in (*_beside(told), *_missing(told), told["remark"]) if text]
    return "\n".join([first, *more])


def _remark(told: Told) -> str:
    return f" Measured: {told['remark']}." if told["remark"] else ""


def _beside(told: Told) -> Iterable[str]:
    judged = told["compared"][:1] if told["compared"] and told["compared"][0]["peer"] == told["against"] else []
    return (f"beside {_peer(told, one)}: {_ratio(one)}" for one in told["compared"][len(judged) :])


def _missing(told: Told) -> Iterable[str]:
    return (f"{one['name']} is not here: {one['install']}" for one in told["missing"])


def _row(told: Told) -> list[str]:
    """The row, and a line for each further peer."""
    anchor = ANCHORS.get(told["name"])
    sign = ("at least " if anchor.at_least else "at most ") if anchor else ""
    limits = [f"{sign}{told[limit]:g}" if told[limit] is not None else "" for limit in ("must", "goal")]
    product = f"{_number(told['product'])} {told['unit']}" if told["product"] is not None else "not there yet"
    if not told["compared"]:
        return [_cells(told["title"], product, "", "", *limits, told["verdict"])]
    first, *others = told["compared"]
    is_judged = first["peer"] == told["against"]
    verdict = told["verdict"] if is_judged else f"{told['against']} not here"
    head = _cells(
        told["title"], product, _peer(told, first), _ratio(first), *(limits if is_judged else ["", ""]), verdict
    )
    return [head, *(_cells("", "", _peer(told, one), _ratio(one), "", "", "") for one in others)]


def _cells(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _peer(told: Told, one: Told) -> str:
    return f"{one['peer']} {_number(one['figure'])}"


def _ratio(one: Told) -> str:
    return f"{_number(one['ratio'])}x ({_number(one['least'])} to {_number(one['most'])})"


def _price(one: Told) -> str:
    calls = ", ".join(f"{times} {call.partition(':')[2]}" for call, times in one["calls"].items()) or "none"
    units = [str(one[name]) for name in ("read_units", "write_units", "log_bytes")]
    return _cells(f"`{one['operation']}`", calls, *units, f"{one['dollars']:.2f}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((text.partition(":")[2].strip() for text in lines if text.startswith("model name")), platform.machine())


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def write_document() -> None:
    DOCUMENT.write_text(document(json.loads(RESULTS.read_text()), DOCUMENT.read_text()))


if __name__ == "__main__":
    write_document()
    sys.stderr.write("docs/performance.md has the figures of tests/bench/results.json\n")
