"""The catalog as an OpenAPI 3.1 document: every route, every field from its place, every status with its schema."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from llm_config.operations.operation import Operation
from llm_config_contract.problems import MEDIA_TYPE, Problem
from llm_config_contract.wire import BODY, HEADER, PATH, QUERY, NoContent, Wire, fields_in

_PROBLEMS = {
    400: "The request has the wrong shape",
    401: "No valid credential",
    403: "Not allowed",
    404: "Absent, or another tenant's",
    406: "No acceptable media type",
    409: "The name is taken, or the request is still running",
    412: "A precondition is false",
    413: "Over a size limit",
    415: "No readable media type",
    422: "A rule refuses the value",
    500: "A defect of ours; nothing was released",
    503: "Temporarily unavailable",
}
_CREDENTIALS = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "api_key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
"""Any one of them, and never two."""
_ALWAYS = (400, 406, 500, 503)
_READS = (401, 403, 404)
_WRITES = (401, 403, 404, 409, 412, 413, 415, 422)


def document(operations: Iterable[Operation]) -> dict[str, Any]:
    schemas: dict[str, Any] = {}
    schemas["Problem"] = _schema(Problem, schemas)
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(operation.path.replace("+}", "}"), {})[operation.method.lower()] = _operation(
            operation, schemas
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "LLM-Config-Manager",
            "version": "1",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": _CREDENTIALS,
        },
    }


def problem_statuses(operation: Operation) -> tuple[int, ...]:
    if operation.public:
        return tuple(sorted(_ALWAYS))
    return tuple(sorted({*_ALWAYS, *(_READS if operation.method == "GET" else _WRITES), *operation.refusals}))


def _operation(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "tags": [operation.area],
        "parameters": _parameters(operation.request),
        "responses": _responses(operation, schemas),
    }
    if operation.request.whole_body:
        told["requestBody"] = {"required": True, "content": _patches(operation.request)}
    elif fields_in(operation.request, BODY):
        told["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _body(operation.request, schemas)}},
        }
    if not operation.public:
        told["security"] = [{name: []} for name in _CREDENTIALS]
    return told


def _parameters(request: type[Wire]) -> list[dict[str, Any]]:
    schema = request.model_json_schema()
    listed = []
    for place in (PATH, QUERY, HEADER):
        for name, field in fields_in(request, place).items():
            told = _parameter_schema(schema["properties"][field])
            info = request.model_fields[field].json_schema_extra
            shown = str(info.get("name", name)) if isinstance(info, dict) else name
            listed.append({"name": shown, "in": place, "required": field in schema.get("required", []), "schema": told})
    return listed


def _parameter_schema(field: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is left out is not null, it is not there."""
    told = {name: value for name, value in field.items() if name not in ("in", "name", "title")}
    options = [option for option in told.pop("anyOf", []) if option != {"type": "null"}]
    if options and told.get("default", ...) is None:
        del told["default"]
    return {**told, **(options[0] if len(options) == 1 else {"anyOf": options} if options else {})}


def _body(request: type[Wire], schemas: dict[str, Any]) -> dict[str, Any]:
    whole = _schema(request, schemas)
    fields = set(fields_in(request, BODY))
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: told for name, told in whole["properties"].items() if name in fields},
        "required": [name for name in whole.get("required", []) if name in fields],
    }


def _patches(request: type[Wire]) -> dict[str, Any]:
    """Each media type's own document."""
    properties = request.model_json_schema()["properties"]
    fields = {media_type: properties[field] for media_type, field in request.whole_body.items()}
    return {media_type: {"schema": {"description": field["description"]}} for media_type, field in fields.items()}


def _responses(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    responses = {str(status): _success(operation, schemas) for status in operation.success}
    if operation.method == "GET" and not operation.public:
        responses["304"] = {"description": "What you hold is current"}
    for status in problem_statuses(operation):
        responses[str(status)] = {"description": _PROBLEMS[status], "content": problem}
    return responses


_STREAM = "one such answer after the other, at homes that keep connections open; each event's id is its `next`"


def _success(operation: Operation, schemas: dict[str, Any]) -> dict[str, Any]:
    if operation.response is NoContent:
        return {"description": "Done"}
    name = operation.response.__name__
    schemas[name] = _schema(operation.response, schemas)
    content: dict[str, Any] = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    if operation.streams:
        content["text/event-stream"] = {"schema": {"type": "string", "description": _STREAM}}
    return {"description": "Done", "content": content}


def _schema(model: type[BaseModel], schemas: dict[str, Any]) -> dict[str, Any]:
    """The JSON Schema of `model`; what it refers to goes into `schemas`."""
    schema = model.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
    schemas.update(schema.pop("$defs", {}))
    return schema
