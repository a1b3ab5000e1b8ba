"""No caller reaches another tenant, by any operation, and no role does more than its own."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count

import pytest

from llm_config.operations.catalog import OPERATIONS
from tests.isolation import oracle
from tests.isolation.matrix import ACME, Case, matrix
from tests.isolation.worlds import World, both_worlds, told
from tests.support.nets import hold_each

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


@pytest.mark.parametrize("cases", matrix())
def test_a_caller_gets_what_the_oracle_says_and_learns_and_changes_nothing_of_others(
    cases: list[Case], worlds: tuple[World, World], record_property: Callable[[str, object], None]
) -> None:
    hold_each(cases, partial(_gets_what_the_oracle_says, *worlds), record_property)


def _gets_what_the_oracle_says(full: World, bare: World, case: Case) -> None:
    number, expected = next(_numbers), oracle.status(case.who, case.row, case.asked)
    reply = full.send(case, number)
    try:
        assert reply.status == expected, reply.text
        after = full.rows()
        assert not full.changed_of_others(after), "it changed what others hold"
        if expected >= 400:
            assert after == full.beginning, "it was refused and changed the store"
        if not (case.who.platform and case.row.resource == "tenants"):  # whose business the other tenants are
            assert told(reply) == told(bare.send(case, number)), "it tells what another tenant holds"
    finally:
        full.restore()
        bare.restore()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        pytest.param("api-keys/anthropic", 200, id="isolation: resolve_config injects its own secret"),
        pytest.param("api-keys/foreign-anthropic", 422, id="isolation: resolve_config, a secret that others hold"),
        pytest.param("api-keys/twin-anthropic", 422, id="isolation: resolve_config, a secret that acme-corp holds"),
        pytest.param("api-keys/absent-anthropic", 422, id="isolation: resolve_config, a secret that nobody holds"),
    ],
)
def test_a_reference_to_a_secret_of_another_tenant_is_as_one_to_none(
    path: str, status: int, worlds: tuple[World, World]
) -> None:
    number, answers = next(_numbers), []
    for world in worlds:
        world.identifiers.next = number * 1000
        token = world.kit.token(ACME, "operator")
        value = {"value": {"key": {"$secret": path}}}
        assert world.kit.call("PUT", "/api/v1/configs/app/it?environment=edge", value, token=token).status == 201
        answers.append(world.kit.call("GET", "/api/v1/resolved/app/it?environment=edge&secrets=reveal", token=token))
        world.restore()
    assert [answer.status for answer in answers] == [status, status]
    assert told(answers[0]) == told(answers[1])
