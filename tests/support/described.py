"""Every answer of the test run is one that the published description promises: its status, its media type, its shape. So
is every event of the golden cases."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.openapi import document
from llm_config.operations.operation import Operation
from llm_config_contract.events import model_of

SCHEMAS = Path(__file__).parents[2] / "events" / "schemas"


def check_described(operation: Operation, status: int, headers: Mapping[str, str], text: str) -> None:
    """Raises AssertionError, naming the operation, for an answer that its description does not promise."""
    answers = _answers()[operation.name]
    assert str(status) in answers, f"{operation.name} answered {status}, which its description does not know"
    content = answers[str(status)].get("content")
    if content is None:
        assert text == "", f"{operation.name} answered {status} with a body, and its description has none"
        return
    media_type = headers.get("Content-Type", "")
    assert media_type in content, f"{operation.name} answered {status} as {media_type or 'nothing'}"
    wrong = next(_validator(operation.name, status, media_type).iter_errors(json.loads(text)), None)
    where = [str(part) for part in wrong.instance_path] if wrong else []
    assert wrong is None, f"{operation.name} answered {status} in another shape than it describes, at {where}"


def check_event(event: dict[str, Any]) -> None:
    """Raises for a CloudEvent that is not, to the member, what its model says, or not what its published schema says."""
    model_of(event["type"]).model_validate(event)
    published_schema(event["type"]).validate(event)


@cache
def published_schema(event_type: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads((SCHEMAS / f"{event_type}.json").read_text()))


@cache
def _document() -> dict[str, Any]:
    described: dict[str, Any] = json.loads(json.dumps(document(OPERATIONS)))
    return described


@cache
def _answers() -> dict[str, dict[str, Any]]:
    paths = _document()["paths"].values()
    return {told["operationId"]: told["responses"] for path in paths for told in path.values()}


@cache
def _validator(operation: str, status: int, media_type: str) -> Any:
    schema = _answers()[operation][str(status)]["content"][media_type]["schema"]
    return jsonschema_rs.Draft202012Validator({**schema, "components": _document()["components"]})
