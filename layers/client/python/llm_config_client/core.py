"""One exchange with the service, without IO: what to send for a call, and what its answer means."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel, ValidationError

from llm_config_client.errors import NotModified, UnreadableAnswer
from llm_config_contract.problems import Problem
from llm_config_contract.wire import BODY, HEADER, PATH, QUERY, Wire, fields_in
from llm_config_domain import errors, json_text
from llm_config_domain.audit.receipts import from_header
from llm_config_domain.errors import Malformed, Refusal, Violation
from llm_config_domain.json_text import Json

T = TypeVar("T", bound=BaseModel)
Headers = Mapping[str, str]
KEY_HEADER = "idempotency-key"
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]+=*):")

KINDS: Mapping[str, type[Refusal]] = {
    found.kind: found for found in vars(errors).values() if isinstance(found, type) and issubclass(found, Refusal)
}
GATEWAY: Mapping[int, type[Refusal]] = {
    401: errors.Unauthenticated,
    403: errors.PermissionDenied,
    413: errors.TooLarge,
    429: errors.RateLimited,
    502: errors.Unavailable,
    503: errors.Unavailable,
    504: errors.Unavailable,
}
"""What a gateway in front of the service says by status alone. 404 is not here: a wrong address must not look like
an absent config, which programs take for a reason to use their defaults."""


@dataclass(frozen=True, slots=True)
class Route(Generic[T]):
    """A row of the client's table. The request's model says of each field where in the request it travels."""

    method: str
    path: str
    request: type[Wire]
    response: type[T]


@dataclass(frozen=True, slots=True)
class Call(Generic[T]):
    """One thing to ask. `target` is path and query; `takes_key`: a write, whose repetition the service recognises."""

    method: str
    target: str
    headers: Headers
    content: bytes | None = field(repr=False)
    response: type[T]
    takes_key: bool

    @property
    def with_receipt(self) -> "Call[T]":
        """The same, asking for a receipt too: `send(call.with_receipt).receipt`."""
        return replace(self, headers={**self.headers, "prefer": "audit-receipt"})

    @property
    def repeatable(self) -> bool:
        """Sent twice, it has one effect."""
        return self.method == "GET" or self.takes_key


@dataclass(frozen=True, slots=True)
class Received:
    """The bytes of an answer; `headers` by lower-case name."""

    status: int
    headers: Headers
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """`text` is the answer's JSON as it came, with what a newer service may say beyond `body`."""

    body: T
    text: str = field(repr=False)
    headers: Headers = field(repr=False)

    @property
    def receipt(self) -> str | None:
        """The signed promise that what was asked for will stand in the audit, where one was asked for and given."""
        header = self.headers.get("audit-receipt")
        return from_header(header) if header else None

    @property
    def document(self) -> Json:
        """The answer's JSON, numbers to the digit."""
        return json_text.read(self.text)


def call(route: Route[T], fields: Mapping[str, Any], headers: Headers | None = None) -> Call[T]:
    """Raises Malformed, as the service would, for what the service would not take."""
    request = _request(route.request, fields)
    content, media_type = _body(request)
    taken = {name: str(value) for name, value in _taken(request, HEADER).items()}
    return Call(
        route.method,
        _target(route.path, request),
        {**({} if content is None else {"content-type": media_type}), **taken, **(headers or {})},
        content,
        route.response,
        takes_key=KEY_HEADER in fields_in(route.request, HEADER),
    )


def read_answer(asked: Call[T], received: Received) -> Answer[T]:
    """Raises the Refusal that the service meant, NotModified, or UnreadableAnswer."""
    if received.status == 304:
        raise NotModified("the entry has not changed", request_id=_request_id(received), headers=received.headers)
    if received.status not in (200, 201, 202, 204):
        raise _refusal(received)
    if not _is_whole(received):
        raise _unreadable(received)
    try:
        text = "{}" if received.status == 204 else received.content.decode("utf-8")
        body = asked.response.model_validate(json_text.read(text), extra="ignore")
    except (UnicodeDecodeError, Malformed, ValidationError):
        raise _unreadable(received) from None
    return Answer(body, text, received.headers)


def _is_whole(received: Received) -> bool:
    """Is it what its digest says (RFC 9530), where it has one of a kind that is known here?"""
    found = _DIGEST.search(received.headers.get("repr-digest", ""))
    return found is None or found[1] == base64.b64encode(sha256(received.content).digest()).decode()


def _request(model: type[Wire], fields: Mapping[str, Any]) -> Wire:
    try:
        return model.model_validate(dict(fields))
    except ValidationError as error:
        wrong = {str(detail["loc"][0]) if detail["loc"] else "" for detail in error.errors(include_input=False)}
        violations = [Violation(f"/{name}", "shape", _expected(model, name)) for name in sorted(wrong)]
        raise Malformed("fields of this request have the wrong shape", violations=violations) from None


def _expected(model: type[Wire], name: str) -> str:
    schema = model.model_json_schema().get("properties", {}).get(name, {})
    allowed = schema.get("enum") or [option for part in schema.get("anyOf", []) for option in part.get("enum", [])]
    return f"use one of {', '.join(map(str, allowed))}" if allowed else "this has the wrong shape"


def _taken(request: Wire, place: str) -> dict[str, Any]:
    """{name on the wire: value} of the fields that were given and travel in `place`."""
    given = request.model_fields_set
    known = fields_in(type(request), place)
    return {name: getattr(request, known_as) for name, known_as in known.items() if known_as in given}


def _target(template: str, request: Wire) -> str:
    path = template
    for name, value in _taken(request, PATH).items():
        path = path.replace(f"{{{name}}}", str(value))
    query = {name: _text(value) for name, value in _taken(request, QUERY).items()}
    return f"{path}?{urlencode(query)}" if query else path


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _body(request: Wire) -> tuple[bytes | None, str]:
    """The content and its media type: the fields together, or the one field that is a body of its own."""
    body = {name: _plain(value) for name, value in _taken(request, BODY).items()}
    for media_type, name in request.whole_body.items():
        if name in body:
            return _content(body[name]), media_type
    return _content(body) if body else None, "application/json"


def _content(body: Json) -> bytes:
    try:
        return json_text.write(body).encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed("a string of the value holds half of a surrogate pair") from None
    except (TypeError, ValueError, RecursionError):
        raise Malformed("the value is not JSON: objects with text names, lists, text, finite numbers") from None


def _plain(value: Any) -> Any:
    """The parts of a request that have a model of their own, as they were given."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.model_dump(by_alias=True, exclude_unset=True) if isinstance(value, Wire) else value


def _refusal(received: Received) -> Refusal | UnreadableAnswer:
    told = _problem(received)
    if told is None:
        return _from_gateway(received)
    refusal = KINDS.get(told.kind, Refusal)(
        told.detail,
        violations=[Violation(v.path, v.rule, v.message, v.severity) for v in told.violations or ()],
        limit=told.limit,
        current=told.current,
        retry_after=told.retry_after if told.retry_after is not None else _retry_after(received),
    )
    # A newer service may know kinds that this client does not: its word stands, whatever the class.
    vars(refusal).update(kind=told.kind, retryable=told.retryable)
    return _numbered(refusal, told.request_id)


def _from_gateway(received: Received) -> Refusal | UnreadableAnswer:
    known = GATEWAY.get(received.status)
    if known is None:
        return _unreadable(received)
    return _numbered(known(retry_after=_retry_after(received)), _request_id(received))


def _numbered(refusal: Refusal, request_id: str) -> Refusal:
    """`request_id` on the refusal (see `errors.request_id`), and in the traceback of whoever does not catch it."""
    refusal.request_id = request_id
    refusal.add_note(f"request id: {request_id}")
    return refusal


def _problem(received: Received) -> Problem | None:
    try:
        return Problem.model_validate(json_text.read(received.content.decode("utf-8")), extra="ignore")
    except (UnicodeDecodeError, Malformed, ValidationError):
        return None


def _unreadable(received: Received) -> UnreadableAnswer:
    redirected = " (a redirect, which is not followed: the token goes to the configured server only)"
    return UnreadableAnswer(
        f"the server's answer is not this API's: status {received.status}"
        + (redirected if 300 <= received.status < 400 else ""),
        request_id=_request_id(received),
    )


def _request_id(received: Received) -> str:
    return received.headers.get("x-request-id", "")


def _retry_after(received: Received) -> int | None:
    text = received.headers.get("retry-after", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
