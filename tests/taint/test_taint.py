"""No secret leaves but by its one authorised answer: every operation, every place, every failure, every sink."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.operation import Operation
from tests.support.aws import on_aws
from tests.support.homes import Kit, embedded
from tests.support.nets import IN_TURN, SELDOM
from tests.taint.allowances import ALLOWED, SINKS
from tests.taint.fields import declared, places
from tests.taint.net import Net
from tests.taint.sinks import Output, temporary_files

Homes = Callable[[Path], AbstractContextManager[Kit]]
HOMES: dict[str, Homes] = {"sqlite": embedded, "dynamodb": on_aws}
SAMPLED = {"sqlite": 40, "dynamodb": 12}
AT_ONCE = 300
"""Cases that one home sees: a store that grows makes all of them slower, moto's most of all."""
SEED = int(os.environ.get("LLM_CONFIG_TEST_SEED") or random.SystemRandom().randrange(10**6))
SHARES = [pytest.param(False, id="sampled"), pytest.param(True, id="every case", marks=pytest.mark.deep)]


@contextmanager
def net_of(operation: Operation, family: str, directory: Path) -> Iterator[Net]:
    output = Output()
    (directory / "home").mkdir(parents=True)
    with temporary_files(directory / "tmp"), output.listening(), HOMES[family](directory / "home") as kit:
        yield Net(kit, operation, SEED, output, directory / "tmp")


@pytest.mark.parametrize("exhaustive", SHARES)
@pytest.mark.parametrize("family", [pytest.param("sqlite", marks=IN_TURN), pytest.param("dynamodb", marks=SELDOM)])
@pytest.mark.parametrize("operation", [pytest.param(row, id=f"{row.name}-taint") for row in OPERATIONS])
def test_a_canary_is_found_where_the_table_says_and_nowhere_else(
    operation: Operation, family: str, exhaustive: bool, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    with net_of(operation, family, tmp_path / "0") as net:
        chosen = list(net.cases()) if exhaustive else net.sample(SAMPLED[family])
        net.run_all(chosen[:AT_ONCE])
    found, statuses = set(net.found), set(net.statuses)
    for first in range(AT_ONCE, len(chosen), AT_ONCE):
        with net_of(operation, family, tmp_path / str(first)) as net:
            net.run_all(chosen[first : first + AT_ONCE])
        found.update(net.found)
        statuses.update(net.statuses)
    record_property("taint_cases", len(chosen))
    record_property("seed", SEED)
    assert not found, f"LLM_CONFIG_TEST_SEED={SEED}\n" + "\n".join(sorted(found)[:40])
    assert any(status < 300 for status in statuses), "no request of this operation succeeded: nothing was tried"


@pytest.mark.catalog
@pytest.mark.parametrize("operation", [pytest.param(row, id=f"{row.name}-taint") for row in OPERATIONS])
def test_every_operation_has_its_row_in_the_table_of_allowances(operation: Operation) -> None:
    assert operation.name in ALLOWED, f"{operation.name} has no row in tests/taint/allowances.py"
    known = {*places(operation), "stored secret revealed"}
    assert set(ALLOWED[operation.name]) <= known, f"{operation.name} allows what it has no place for"
    assert declared(operation) <= known


def test_the_table_names_no_operation_and_no_sink_that_is_not_there() -> None:
    assert set(ALLOWED) == {row.name for row in OPERATIONS}
    for row in ALLOWED.values():
        for told in row.values():
            assert told.succeeded | told.refused <= set(SINKS)


def test_no_row_allows_a_secret_beyond_the_two_answers_that_are_for_it() -> None:
    """The table itself is held to the invariant: whoever widens it, widens it here too."""
    kept = {
        (operation, place): (told.succeeded, told.refused)
        for operation, row in ALLOWED.items()
        for place, told in row.items()
        if place.startswith("stored secret") or (operation == "put_secret" and place.startswith("body value"))
    }
    answer: tuple[frozenset[str], frozenset[str]] = (frozenset({"answer"}), frozenset())
    assert kept == {("get_secret", "stored secret"): answer, ("resolve_config", "stored secret revealed"): answer}
    never = {"log", "request", "metrics", "traces", "error", "elsewhere"}
    assert not any(never & told.of(500) for row in ALLOWED.values() for told in row.values())
