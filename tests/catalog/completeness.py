"""What every row of the catalog must have, as questions to a source tree: each answers with the names of what is missing."""

import importlib.util
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from llm_config.operations.operation import Operation, Row, Task, Trigger

Question = Callable[[Path, Any], Iterable[str]]
HANDLERS = {
    Trigger.STEP: "task",
    Trigger.STREAM: "stream",
    Trigger.QUEUE: "queue",
    Trigger.LOGS: "logs",
    Trigger.CHANGES: "changes",
    Trigger.TICK: "ticks",
    Trigger.SCHEDULE: "schedule",
    Trigger.SOCKET: "socket",
    Trigger.UPKEEP: "upkeep",
}


def handler(root: Path, row: Row) -> Iterable[str]:
    path = root / "functions" / row.area / row.name / "handler.py"
    made_by = HANDLERS[row.trigger] if isinstance(row, Task) else "endpoint"
    if not path.is_file():
        yield f"{row.name} has no function: {path.relative_to(root)}"
    elif f"{made_by}({row.name.upper()})" not in path.read_text():
        yield f"{row.name}'s function does not serve it: {path.relative_to(root)}"


def golden_event(root: Path, operation: Row) -> Iterable[str]:
    events = sorted((root / "events" / operation.name).glob("*.event.json"))
    if not events:
        yield f"{operation.name} has no golden event: events/{operation.name}/<case>.event.json"
    for event in events:
        if not event.with_name(event.name.replace(".event.", ".reply.")).is_file():
            yield f"{operation.name} has an event without its reply: {event.relative_to(root)}"


def route(root: Path, operation: Operation) -> Iterable[str]:
    path = operation.path
    if not operation.method or not path.startswith(("/api/v1/", "/health/")):
        yield f"{operation.name} has no route"
    elif "{path+}" in path and not path.endswith("/{path+}"):
        yield f"{operation.name}'s route does not end with the key: {path}"


def description(root: Path, operation: Operation) -> Iterable[str]:
    if f'"operationId": "{operation.name}"' not in (root / "docs" / "openapi.json").read_text():
        yield f"{operation.name} is not in docs/openapi.json: run make golden"


def access_pattern(root: Path, operation: Row) -> Iterable[str]:
    if f"`{operation.name}`" not in (root / "docs" / "access-patterns.md").read_text():
        yield f"{operation.name} has no line in docs/access-patterns.md"


def port_contracts(root: Path, operation: Row) -> Iterable[str]:
    for port in operation.ports:
        if not (root / "layers/core/python/llm_config/ports" / f"{port}.py").is_file():
            yield f"{operation.name} needs the port {port}, which has no contract in ports/"
        if not (root / "tests" / "conformance" / f"test_{port}.py").is_file():
            yield f"{operation.name} needs the port {port}, which has no suite: tests/conformance/test_{port}.py"


def constant(root: Path, operation: Row) -> Iterable[str]:
    module = importlib.util.find_spec(operation.run.__module__)
    name = operation.run.__module__.rpartition(".")[2]
    if module is None or name != operation.name or operation.run.__name__ != operation.name:
        yield f"{operation.name} is not called the same in its module and its function"


QUESTIONS: tuple[Question, ...] = (
    handler,
    golden_event,
    route,
    description,
    access_pattern,
    port_contracts,
    constant,
)
OF_TASKS: tuple[Question, ...] = (handler, golden_event, access_pattern, port_contracts, constant)
"""No route leads to a task, and nobody outside reads of it."""


def missing(root: Path, row: Row) -> list[str]:
    questions = OF_TASKS if isinstance(row, Task) else QUESTIONS
    return [name for question in questions for name in question(root, row)]
