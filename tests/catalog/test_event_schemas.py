"""What is published about an event is what events are: one source makes the schemas, and every event fits its own."""

import json
import os
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from llm_config_contract.events import model_of, schemas
from llm_config_domain.events import PUBLISHED_TYPES, cloud_event, type_of
from tests.support import golden

pytestmark = pytest.mark.catalog
KNOWN = sorted(map(type_of, PUBLISHED_TYPES))


def published(event_type: str) -> Any:
    return json.loads((golden.SCHEMAS / f"{event_type}.json").read_text())


def check(event: dict[str, Any]) -> None:
    """It is what its model says, to the member, and what its published schema says."""
    model_of(event["type"]).model_validate(event)
    jsonschema_rs.Draft202012Validator(published(event["type"])).validate(event)


@pytest.mark.parametrize("event_type", KNOWN)
def test_the_published_schema_of_a_type_is_current(event_type: str) -> None:
    now = schemas()[event_type]
    if os.environ.get("GOLDEN") == "write":
        golden.SCHEMAS.mkdir(exist_ok=True)
        (golden.SCHEMAS / f"{event_type}.json").write_text(json.dumps(now, indent=2) + "\n")
    assert published(event_type) == now, "run make golden and review the difference"


def test_there_is_a_schema_for_each_type_and_for_nothing_else() -> None:
    assert sorted(path.name.removesuffix(".json") for path in golden.SCHEMAS.iterdir()) == KNOWN


@pytest.mark.parametrize(("operation", "case"), golden.cases(), ids=lambda part: part)
def test_every_event_of_a_golden_case_fits_its_schema(operation: str, case: str, tmp_path: Path) -> None:
    for entry in golden.journal_of(operation, case, tmp_path):
        event = cloud_event(entry)
        if event:
            check(event)


@pytest.mark.parametrize(("task", "case"), golden.task_cases(), ids=lambda part: part)
def test_every_golden_event_fits_its_schema(task: str, case: str) -> None:
    for event in json.loads((golden.EVENTS / task / f"{case}.published.json").read_text()):
        check(event)


def test_the_golden_cases_bring_about_every_type(tmp_path_factory: pytest.TempPathFactory) -> None:
    seen = {
        type_of(entry.event_type)
        for operation, case in golden.cases()
        for entry in golden.journal_of(operation, case, tmp_path_factory.mktemp("case"))
    }
    assert set(KNOWN) <= seen


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"type": "com.llm.config.deleted"}, id="another type"),
        pytest.param({"id": None}, id="no id"),
        pytest.param({"data": {}}, id="no data"),
    ],
)
def test_a_schema_refuses_what_is_no_event_of_its_type(broken: dict[str, Any]) -> None:
    (event, *_) = json.loads((golden.EVENTS / "publish_changes" / "two_changes.published.json").read_text())
    validator = jsonschema_rs.Draft202012Validator(published(event["type"]))
    assert validator.is_valid(event)
    assert not validator.is_valid({**event, **broken})


def test_a_member_that_a_later_release_adds_is_taken() -> None:
    (event, *_) = json.loads((golden.EVENTS / "publish_changes" / "two_changes.published.json").read_text())
    later = {**event, "added": 1, "data": {**event["data"], "added": 1}}
    assert jsonschema_rs.Draft202012Validator(published(event["type"])).is_valid(later)
