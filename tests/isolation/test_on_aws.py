"""The same matrix on the AWS family, where nothing is written: a slice of it, for moto is slow."""

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.isolation import oracle
from tests.isolation.matrix import IDS, Case, cells, parameters, targets
from tests.isolation.worlds import credential, furnish, send, told
from tests.support.aws import AwsKit, on_aws
from tests.support.nets import hold_each

KINDS = ("own", "foreign", "absent", "prefix twin")
CALLERS = ("tenant-admin", "viewer", "service-account of the namespaces", "an unknown role", "platform global-admin")
Slice = tuple[AwsKit, Path, dict[str, list[dict[str, Any]]]]


def stored(kit: AwsKit) -> dict[str, list[dict[str, Any]]]:
    """Everything but the record of accesses."""
    return {table: kit.account.rows(table) for table in ("control", "configs", "secrets", "counters")}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slice]:
    directory = tmp_path_factory.mktemp("aws")
    with on_aws(directory) as kit:
        for tenant, known in IDS.items():
            kit.tenant(tenant, known)
            furnish(kit, tenant, ("production",))
        yield kit, directory, stored(kit)


def expected(case: Case) -> int:
    return oracle.status(case.who, case.row, case.asked)


def _changes_nothing(case: Case) -> bool:
    return expected(case) >= 400 or (case.row.verb in ("read", "list") and not case.row.writes)


def on_aws_too() -> list[Any]:
    chance = random.Random(os.environ["LLM_CONFIG_TEST_SEED"])
    kept: dict[str, list[Case]] = {}
    others: dict[str, list[Case]] = {}
    for cell in cells():
        here = [case for case in cell if case.environment in ("", "production") and case.target.kind in KINDS]
        here = [case for case in here if _changes_nothing(case)]
        chosen = chance.choice(here) if here and here[0].who.said in CALLERS else None
        of = f"isolation: {cell[0].operation} as {cell[0].who.said} on dynamodb"
        kept.setdefault(of, []).extend([chosen] if chosen else [])
        others.setdefault(of, []).extend(case for case in here if case is not chosen)
    return parameters(kept) + parameters(others, ", the rest", pytest.mark.deep)


@pytest.mark.parametrize("cases", on_aws_too())
def test_a_caller_gets_what_the_oracle_says_and_a_foreign_object_is_as_an_absent_one(
    cases: list[Case], aws: Slice, record_property: Callable[[str, object], None]
) -> None:
    hold_each(cases, partial(_is_as_an_absent_one, aws), record_property)


def _is_as_an_absent_one(aws: Slice, case: Case) -> None:
    kit, directory, before = aws
    token = credential(kit, case.who, directory)
    reply = send(kit, case, token)
    assert reply.status == expected(case), reply.text
    assert stored(kit) == before, "it changed the store"
    if reply.status >= 400 and case.target.kind in ("foreign", "prefix twin"):
        absent = next(target for target in targets(case.operation) if target.kind == "absent")
        instead = replace(case, target=absent)
        if expected(instead) == reply.status:
            assert told(reply) == told(send(kit, instead, token)), "it tells the foreign apart"
