"""No caller reaches another tenant, by any operation, and no role does more than its own."""

from collections.abc import Iterator
from itertools import count

import pytest

from llm_config.operations.catalog import OPERATIONS
from tests.isolation import oracle
from tests.isolation.matrix import Case, matrix
from tests.isolation.worlds import World, both_worlds, told

_numbers = count(1000)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    with both_worlds(tmp_path_factory.mktemp("worlds")) as found:
        yield found


@pytest.mark.catalog
@pytest.mark.parametrize("operation", [row.name for row in OPERATIONS])
def test_the_oracle_has_a_row_for_every_operation(operation: str) -> None:
    assert operation in oracle.ROWS, f"{operation} has no row in tests/isolation/oracle.py"


@pytest.mark.catalog
def test_the_oracle_has_rows_for_operations_alone() -> None:
    assert set(oracle.ROWS) <= {row.name for row in OPERATIONS}


@pytest.mark.parametrize("case", matrix())
def test_a_caller_gets_what_the_oracle_says_and_learns_and_changes_nothing_of_others(
    case: Case, worlds: tuple[World, World]
) -> None:
    full, bare = worlds
    number, expected = next(_numbers), oracle.status(case.who, case.row, case.asked)
    reply = full.send(case, number)
    try:
        assert reply.status == expected, f"{case.operation}: {reply.text}"
        after = full.rows()
        assert full.of_others(after) == full.of_others(full.beginning), f"{case.operation} changed what others hold"
        if expected >= 400:
            assert after == full.beginning, f"{case.operation} was refused and changed the store"
        if not (case.who.platform and case.row.resource == "tenants"):  # whose business the other tenants are
            assert told(reply) == told(bare.send(case, number)), f"{case.operation} tells what another tenant holds"
    finally:
        full.restore()
        bare.restore()
