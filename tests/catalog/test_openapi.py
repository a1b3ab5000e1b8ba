"""The published description is the catalog's, and covers what a route can answer."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.openapi import document, problem_statuses
from llm_config.operations.operation import Operation
from llm_config_contract.problems import STATUS
from tests.support import golden

pytestmark = pytest.mark.catalog
PUBLISHED = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def described() -> Any:
    return document(OPERATIONS)


def test_the_published_document_is_current(described: Any) -> None:
    now = json.dumps(described, indent=2) + "\n"
    if os.environ.get("GOLDEN") == "write":
        PUBLISHED.write_text(now)
    assert PUBLISHED.read_text() == now, "run make golden and review the difference"


@pytest.mark.parametrize(("operation", "case"), golden.cases(), ids=lambda part: part)
def test_every_golden_reply_has_a_described_status(operation: str, case: str, described: Any) -> None:
    reply = json.loads((golden.EVENTS / operation / f"{case}.reply.json").read_text())
    row = next(row for row in OPERATIONS if row.name == operation)
    route = described["paths"][row.path.replace("+}", "}")][row.method.lower()]
    assert str(reply["statusCode"]) in route["responses"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_status_of_a_route_is_one_that_refusals_have(operation: Operation) -> None:
    assert set(problem_statuses(operation)) <= set(STATUS.values())


def test_references_lead_somewhere(described: Any) -> None:
    text = json.dumps(described)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(described["components"]["schemas"])
