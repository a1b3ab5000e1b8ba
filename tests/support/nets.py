"""The nets under the whole product: how many cases each ran, and how few would be too few.

A case belongs to a net when the net's word stands in its parametrize id, or by its folder (conformance) or its marker
(catalog). A test that is one of many cases says how many (`hold_each`): forty thousand tests would take longer to hand out
than to run. A run of the whole suite in which cases vanished fails; a run of a part only tells.
"""

import hashlib
import os
import random
import re
from collections import Counter
from collections.abc import Callable, Collection
from typing import TypeVar

import pytest

SEED = "LLM_CONFIG_TEST_SEED"
CASES = "cases"
"""The property of a test that ran several: how many."""
SHARE = "LLM_CONFIG_TEST_SHARE"
"""`10`: of the deep cases one in ten, by the seed."""
EVERY_OTHER, IN_TURN, SELDOM = (pytest.mark.turns(one_in) for one_in in (2, 4, 8))
"""Of what is slow `make test` takes one case in two, four or eight, another one each time; a run of a part of the tests, and
`make test-deep`, take all."""
FLOORS: dict[str, tuple[int, int]] = {
    "isolation": (9000, 46000),
    "crash": (138, 1200),
    "fault": (190, 1500),
    "race": (15, 220),
    "binding": (10, 60),
    "planted": (1, 10),
    "taint": (172, 430),
    "hostile": (7300, 30500),
    "conformance": (1380, 1380),
    "catalog": (1090, 1090),
}
"""The fewest cases of each net in `make test`, whatever the seed chooses, and in `make test-deep`. Raise them as it grows."""


Case = TypeVar("Case")
_TOLD = 20


def hold_each(
    cases: Collection[Case], check: Callable[[Case], None], record_property: Callable[[str, object], None]
) -> None:
    """Check every case of one test. Raises AssertionError, which names those that fail and what each of them says."""
    record_property(CASES, len(cases))
    wrong = []
    for case in cases:
        try:
            check(case)
        except Exception as found:  # whatever it is: the other cases are checked, and this one is told
            wrong.append(f"{case}: {type(found).__name__}: {found}")
    assert not wrong, "\n".join([f"{len(wrong)} of {len(cases)} cases fail", *wrong[:_TOLD]])


def nets_of(nodeid: str, keywords: Collection[str]) -> list[str]:
    """The nets that a case belongs to."""
    file, _, name = nodeid.partition("::")
    identity = name.partition("[")[2]
    found = [net for net in FLOORS if re.search(rf"(?<![a-z]){net}(?![a-z])", identity)]
    if "conformance" in file.split("/"):
        found.append("conformance")
    if "catalog" in keywords:
        found.append("catalog")
    return list(dict.fromkeys(found))


class Nets:
    """A pytest plugin that counts. Under xdist it counts in the process that gathers the reports."""

    def __init__(self, floors: dict[str, tuple[int, int]] = FLOORS) -> None:
        self.floors = floors
        self.ran: Counter[str] = Counter()

    def count(self, nodeid: str, keywords: Collection[str], cases: int = 1) -> None:
        self.ran.update(dict.fromkeys(nets_of(nodeid, keywords), cases))

    def floor(self, net: str, *, deep: bool) -> int:
        return self.floors[net][1 if deep else 0]

    def vanished(self, *, deep: bool) -> list[str]:
        """A line for each net that ran fewer cases than its floor."""
        return [
            f"the net {net} ran {self.ran[net]} cases: its floor is {self.floor(net, deep=deep)}"
            for net in self.floors
            if self.ran[net] < self.floor(net, deep=deep)
        ]

    def table(self, *, deep: bool) -> list[str]:
        rows = [(net, str(self.ran[net]), str(self.floor(net, deep=deep))) for net in self.floors]
        return [f"{net:<12} {ran:>7} {floor:>7}" for net, ran, floor in [("net", "cases", "floor"), *rows]]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and not report.skipped:
            told = dict(report.user_properties)
            self.count(report.nodeid, report.keywords, int(str(told.get(CASES, 1))))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        config = session.config
        if whole(config) and session.exitstatus == pytest.ExitCode.OK and self.vanished(deep=deep(config)):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
        if not self.ran and not whole(config):
            return
        terminalreporter.section("nets")
        for line in self.table(deep=deep(config)):
            terminalreporter.line(line)
        terminalreporter.line(f"{SEED}={os.environ[SEED]}")
        for line in self.vanished(deep=deep(config)) if whole(config) else []:
            terminalreporter.line(f"FAILED {line}", red=True)


def in_share(nodeid: str, share: int, seed: str) -> bool:
    """Whether a deep case is one of the `share`-th part that the seed chooses: the same in every process."""
    return int.from_bytes(hashlib.sha256(f"{seed} {nodeid}".encode()).digest()[:4], "big") % share == 0


def take_share(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the deep cases that are not in the share, and in `make test` those whose turn it is not."""
    share, seed, turns = int(os.environ.get(SHARE) or 1), os.environ[SEED], whole(config) and not deep(config)

    def stays(item: pytest.Item) -> bool:
        taken = item.get_closest_marker("deep") is None or in_share(item.nodeid, share, seed)
        turn = item.get_closest_marker("turns") if turns else None
        return taken and (turn is None or in_share(item.nodeid, turn.args[0], seed))

    left = [item for item in items if not stays(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        gone = set(left)
        items[:] = [item for item in items if item not in gone]


WHOLE = ("", "not deep", "not wheels", "not deep and not wheels")
"""Choices of markers that leave no net out; what needs the package index belongs to none."""


def whole(config: pytest.Config) -> bool:
    """Whether nothing was left out: no path, keyword or other choice than those of `WHOLE`."""
    option = config.option
    chosen = (option.keyword, option.deselect, option.ignore, option.ignore_glob, option.collectonly)
    narrowed = (
        any(chosen) or os.environ.get(SHARE) or getattr(option, "lf", False) or getattr(option, "stepwise", False)
    )
    everywhere = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    return everywhere and not narrowed and option.markexpr in WHOLE


def deep(config: pytest.Config) -> bool:
    return "deep" not in config.option.markexpr


def register(config: pytest.Config) -> None:
    """Draw the seed, which processes below this one inherit, and begin to count."""
    os.environ.setdefault(SEED, str(random.SystemRandom().randrange(10**6)))
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Nets(), "nets")
