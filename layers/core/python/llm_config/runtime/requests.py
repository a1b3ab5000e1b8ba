"""From an API Gateway event (HTTP API, payload 2.0) to an operation's request: each field from its own place only.

A field of the path that turns up in the body or the query is unknown there, so no request can say two things about
what it is for.
"""

import base64
import binascii
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from llm_config_contract.wire import BODY, HEADER, PATH, QUERY, Wire, fields_in
from llm_config_domain import json_text
from llm_config_domain.errors import EnvironmentRequired, Malformed, TooLarge, UnsupportedMediaType, Violation

Event = Mapping[str, Any]
Headers = Mapping[str, str]


def request_of(model: type[Wire], event: Event, headers: Headers) -> Wire:
    """Raises Malformed, EnvironmentRequired, TooLarge, UnsupportedMediaType. What it says never quotes the request."""
    if "%" in event.get("rawPath", ""):
        raise Malformed("names need no percent-encoding: a '%' in the path is refused")
    values = {
        **_taken(model, PATH, event.get("pathParameters") or {}),
        **_taken(model, QUERY, event.get("queryStringParameters") or {}),
        **{field: headers[name] for name, field in fields_in(model, HEADER).items() if name in headers},
        **_taken(model, BODY, _body(model, event, headers)),
    }
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise _refusal(model, error) from None


def task_request(model: type[Wire], given: Any) -> Wire:
    """The request of a task: what the product wrote itself, checked all the same. Raises Malformed."""
    if not isinstance(given, Mapping):
        raise Malformed("the input of a task is a JSON object")
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        raise _refusal(model, error) from None


def _taken(model: type[Wire], place: str, given: Mapping[str, Any]) -> dict[str, Any]:
    known = fields_in(model, place)
    for name in given:
        if name in known:
            continue
        if name in model.later:
            raise Malformed("a field of this request is documented for a later release and is not taken yet",
                            violations=[Violation(f"/{name}", "later", "not available yet")])  # fmt: skip
        raise Malformed(f"the {place} of this request has a field that this route does not know",
                        violations=[_unknown(place, model)])  # fmt: skip
    return {name if place == BODY else known[name]: value for name, value in given.items()}


def _unknown(place: str, model: type[Wire]) -> Violation:
    allowed = ", ".join(sorted(fields_in(model, place))) or "nothing"
    return Violation(place, "unknown_field", f"the {place} takes {allowed}")


def _body(model: type[Wire], event: Event, headers: Headers) -> Mapping[str, Any]:
    raw = _raw_body(event, model.max_body_bytes)
    if model.whole_body:
        return {_whole_field(model, headers): json_text.read(_text(raw))}
    if not raw:
        return {}
    if not fields_in(model, BODY):
        raise Malformed("this route takes no body")
    if _media_type(headers, "application/json") != "application/json":
        raise UnsupportedMediaType
    body = json_text.read(_text(raw))
    if not isinstance(body, dict):
        raise Malformed("the body is a JSON object")
    return body


def _whole_field(model: type[Wire], headers: Headers) -> str:
    """The field that takes the body, by its media type (RFC 5789 section 2.2: the answer says which it could be)."""
    field = model.whole_body.get(_media_type(headers, ""))
    if field is None:
        accepted = tuple(model.whole_body)
        raise UnsupportedMediaType(f"send the patch as {' or '.join(accepted)}", accepted=accepted)
    return field


def _media_type(headers: Headers, default: str) -> str:
    return headers.get("content-type", default).partition(";")[0].strip().lower()


def _raw_body(event: Event, limit: int) -> bytes:
    body = event.get("body") or ""
    try:
        raw = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, UnicodeEncodeError):
        raise Malformed("the body is not UTF-8 text") from None
    if len(raw) > limit:
        raise TooLarge("the body is larger than this route takes", limit=limit, current=len(raw))
    return raw


def _text(raw: bytes) -> str:
    with suppress(UnicodeDecodeError):  # it holds the whole body: no refusal of ours drags it along as its context
        return raw.decode("utf-8")
    raise Malformed("the body is not UTF-8 text")


def _refusal(model: type[Wire], error: ValidationError) -> Malformed:
    """What pydantic refused, by place and rule; its texts can quote input, so they are not passed on."""
    details = error.errors(include_input=False, include_context=False, include_url=False)
    if any(detail["loc"] == ("environment",) and detail["type"] == "missing" for detail in details):
        return EnvironmentRequired()
    violations = [
        Violation(json_text.pointer(_told_as(model, detail["loc"][:1])), detail["type"], _message(detail["type"]))
        for detail in details
    ]
    return Malformed("fields of this request have the wrong shape", violations=violations[:20])


def _told_as(model: type[Wire], place: tuple[int | str, ...]) -> list[int | str]:
    """The field by its name in the request, whatever it is called here."""
    named = {field: name for where in (PATH, QUERY) for name, field in fields_in(model, where).items()}
    return [named.get(str(part), part) for part in place]


_MESSAGES = {
    "missing": "this field is required",
    "literal_error": "this is not one of the values that the field takes",
    "string_type": "this must be text",
    "int_type": "this must be a whole number",
    "bool_type": "this must be true or false",
    "dict_type": "this must be an object",
    "greater_than_equal": "this is below the smallest value allowed",
    "string_too_long": "this is too long",
    "string_too_short": "this is too short",
    "too_long": "this has too many members",
}


def _message(rule: str) -> str:
    return _MESSAGES.get(rule, "this has the wrong shape")
