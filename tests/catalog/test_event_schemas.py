"""What is published about an event is what events are: one source makes the schemas, and every event fits its own.

That the events of every golden case do, each golden case asks itself (`golden.reply_of`).
"""

import json
import os
from typing import Any

import pytest

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.operation import Recorded
from llm_config_contract.events import schemas
from llm_config_domain.events import PUBLISHED_TYPES, cloud_event, type_of
from tests.support import golden
from tests.support.described import SCHEMAS, check_event, published_schema

pytestmark = pytest.mark.catalog
KNOWN = sorted(map(type_of, PUBLISHED_TYPES))
CHANGING = {row.name for row in OPERATIONS if row.recorded is Recorded.WITH_CHANGE}


@pytest.mark.parametrize("event_type", KNOWN)
def test_the_published_schema_of_a_type_is_current(event_type: str) -> None:
    now, path = json.dumps(schemas()[event_type], indent=2) + "\n", SCHEMAS / f"{event_type}.json"
    if os.environ.get("GOLDEN") == "write":
        SCHEMAS.mkdir(exist_ok=True)
        path.write_text(now)
    assert path.read_text() == now, "run make golden and review the difference"


def test_there_is_a_schema_for_each_type_and_for_nothing_else() -> None:
    assert sorted(path.name.removesuffix(".json") for path in SCHEMAS.iterdir()) == KNOWN


def test_the_golden_cases_bring_about_every_type_of_event(tmp_path_factory: pytest.TempPathFactory) -> None:
    seen: set[str] = set()
    for operation, case in golden.cases():
        reply = json.loads((golden.EVENTS / operation / f"{case}.reply.json").read_text())
        if reply["statusCode"] == 403 or (operation in CHANGING and reply["statusCode"] < 300):
            entries = golden.journal_of(operation, case, tmp_path_factory.mktemp("case"))
            seen.update(type_of(entry.event_type) for entry in entries)
    for task, case in golden.task_cases():
        entries = golden.task_journal_of(task, case, tmp_path_factory.mktemp("case"))
        for event in filter(None, map(cloud_event, entries)):
            check_event(event)
            seen.add(event["type"])
    if set(KNOWN) <= seen:
        return
    pytest.fail(f"no golden case brings about {sorted(set(KNOWN) - seen)}")


@pytest.mark.parametrize(("task", "case"), golden.task_cases(), ids=lambda part: part)
def test_every_golden_event_fits_its_schema(task: str, case: str) -> None:
    for event in json.loads((golden.EVENTS / task / f"{case}.published.json").read_text()):
        check_event(event)


def golden_event() -> dict[str, Any]:
    (event, *_) = json.loads((golden.EVENTS / "publish_changes" / "two_changes.published.json").read_text())
    return dict(event)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"type": "com.llm.config.deleted"}, id="another type"),
        pytest.param({"source": "another"}, id="another source"),
        pytest.param({"id": None}, id="no id"),
        pytest.param({"data": {}}, id="no data"),
    ],
)
def test_a_schema_refuses_what_is_no_event_of_its_type(broken: dict[str, Any]) -> None:
    schema = published_schema(golden_event()["type"])
    assert schema.is_valid(golden_event())
    assert not schema.is_valid({**golden_event(), **broken})


def test_a_member_that_a_later_release_adds_is_taken() -> None:
    event = golden_event()
    later = {**event, "added": 1, "data": {**event["data"], "added": 1}}
    assert published_schema(event["type"]).is_valid(later)
