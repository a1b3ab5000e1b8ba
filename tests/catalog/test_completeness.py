"""An operation is whole, or the test names what it lacks. That the test would say so is tested too."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from llm_config.operations.catalog import OPERATIONS, TASKS
from llm_config.operations.configs.get_config import GET_CONFIG
from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.operations.operation import Operation, Row
from tests.catalog import completeness

pytestmark = pytest.mark.catalog
ROOT = Path(__file__).parents[2]
ROWS: tuple[Row, ...] = (*OPERATIONS, *TASKS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_an_operation_or_task_is_whole(row: Row) -> None:
    assert completeness.missing(ROOT, row) == []


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the questions look at."""
    for part in ("functions", "events", "docs", "tests/conformance", "layers/core/python/llm_config/ports"):
        shutil.copytree(ROOT / part, tmp_path / part)
    return tmp_path


@pytest.mark.parametrize(
    ("removed", "named"),
    [
        pytest.param("functions/configs/get_config/handler.py", "get_config has no function", id="the handler"),
        pytest.param("events/get_config", "get_config has no golden event", id="the golden events"),
        pytest.param("events/get_config/ok.reply.json", "get_config has an event without its reply", id="a reply"),
        pytest.param(
            "tests/conformance/test_config_reader.py", "the port config_reader, which has no suite", id="the suite"
        ),
        pytest.param(
            "layers/core/python/llm_config/ports/config_reader.py",
            "the port config_reader, which has no contract",
            id="the port",
        ),
    ],
)
def test_what_is_removed_is_named(tree: Path, removed: str, named: str) -> None:
    path = tree / removed
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert [name for name in completeness.missing(tree, GET_CONFIG) if named in name]


@pytest.mark.parametrize(
    ("removed", "named"),
    [
        pytest.param("functions/events/publish_changes/handler.py", "has no function", id="the handler"),
        pytest.param("events/publish_changes", "has no golden event", id="the golden events"),
        pytest.param("tests/conformance/test_event_bus.py", "the port event_bus, which has no suite", id="the suite"),
        pytest.param("docs/access-patterns.md", "has no line in docs/access-patterns.md", id="its line"),
    ],
)
def test_what_is_removed_of_a_task_is_named(tree: Path, removed: str, named: str) -> None:
    path = tree / removed
    if path.is_dir():
        shutil.rmtree(path)
    elif path.suffix == ".md":
        path.write_text("")
    else:
        path.unlink()
    assert [name for name in completeness.missing(tree, PUBLISH_CHANGES) if named in name]


def test_a_task_that_is_served_as_another_trigger_is_named(tree: Path) -> None:
    path = tree / "functions/events/publish_changes/handler.py"
    path.write_text(path.read_text().replace("stream(", "queue("))
    assert [name for name in completeness.missing(tree, PUBLISH_CHANGES) if "does not serve it" in name]


@pytest.mark.parametrize(
    ("file", "named"),
    [
        ("docs/access-patterns.md", "get_config has no line in docs/access-patterns.md"),
        ("docs/openapi.json", "get_config is not in docs/openapi.json"),
    ],
)
def test_a_document_that_forgot_an_operation_is_named(tree: Path, file: str, named: str) -> None:
    path = tree / file
    path.write_text(path.read_text().replace("get_config", "forgotten"))
    assert [name for name in completeness.missing(tree, GET_CONFIG) if named in name]


@pytest.mark.parametrize("path", ["", "/api/v1/configs/{path+}/history"], ids=["no route", "a key that is not last"])
def test_a_row_without_a_good_route_is_named(tree: Path, path: str) -> None:
    assert [name for name in completeness.missing(tree, replace(GET_CONFIG, path=path)) if "route" in name]


def test_every_function_folder_is_a_row() -> None:
    folders = {path.parent.name for path in ROOT.glob("functions/*/*/handler.py")}
    assert folders == {row.name for row in ROWS}


def test_every_events_folder_is_a_row() -> None:
    assert {path.name for path in (ROOT / "events").iterdir()} == {*(row.name for row in ROWS), "schemas"}


def test_no_two_rows_have_one_name() -> None:
    assert len({row.name for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(
    "same",
    [
        pytest.param(lambda operation: operation.name, id="name"),
        pytest.param(lambda operation: (operation.method, operation.path), id="route"),
    ],
)
def test_no_two_operations_share(same: Callable[[Operation], object]) -> None:
    assert len({same(operation) for operation in OPERATIONS}) == len(OPERATIONS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_only_a_public_operation_is_not_recorded(operation: Operation) -> None:
    assert (operation.recorded is None) == operation.public


@pytest.mark.parametrize("handler", sorted(ROOT.glob("functions/*/*/handler.py")), ids=lambda path: path.parent.name)
def test_a_handler_is_at_most_fifteen_lines(handler: Path) -> None:
    assert len(handler.read_text().splitlines()) <= 15
