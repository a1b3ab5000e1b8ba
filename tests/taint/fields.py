"""Where a caller can put a secret, in any request: each place as a function from a request to the same with a canary.

The places come from the request's model, so a new operation and a new field have theirs the moment they exist.
"""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from llm_config.operations.operation import Operation
from llm_config_contract.wire import BODY, HEADER, PATH, QUERY, fields_in
from tests.support.canaries import Canary
from tests.support.exemplars import Exemplar


@dataclass(frozen=True)
class Asked:
    """One request, as a trigger gets it, and what its token says. `body` is JSON, or bytes to be sent as they are."""

    operation: Operation
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any
    roles: tuple[str, ...]
    platform: bool
    given: tuple[Exemplar, ...]
    claims: Mapping[str, Any] = field(default_factory=dict)
    stored: str | None = None
    """What the secrets that are there before the request hold."""

    def with_body(self, **members: Any) -> "Asked":
        kept = self.body if isinstance(self.body, dict) else {}
        return replace(self, body={**kept, **members})

    def with_headers(self, **headers: str) -> "Asked":
        told = {name.replace("_", "-"): text for name, text in headers.items()}
        return replace(self, headers={**self.headers, **told})


Plant = Callable[[Asked, Canary], Asked]
SHAPES: dict[str, Callable[[Canary], Any]] = {
    "text": lambda canary: canary.text,
    "object": lambda canary: {"user": "ana", "password": canary.text},
    "key": lambda canary: {canary.text: 1},
    "int": lambda canary: canary.number,
    "nested": lambda canary: {"a": [{"b": [[canary.text]]}]},
    "large": lambda canary: [canary.text, "x" * 40_000],
    "too large": lambda canary: [canary.text, "x" * 1_100_000],
    "beside $secret": lambda canary: {"key": {"$secret": "keys/none"}, "plain": canary.text},
    "inside $secret": lambda canary: {"key": {"$secret": canary.text, "more": 1}},
}


def places(operation: Operation) -> dict[str, Plant]:
    """Every place of a request of `operation`, by name."""
    return {**dict(_declared(operation)), **dict(_undeclared(operation)), **CLAIMS, **_STORED}


def declared(operation: Operation) -> set[str]:
    """The places that the operation's own model has."""
    return {name for name, _ in _declared(operation)}


def _declared(operation: Operation) -> Iterator[tuple[str, Plant]]:
    model = operation.request
    for name in fields_in(model, PATH):
        yield f"path {name}", _in_path(name, named=True)
        yield f"path {name} hostile", _in_path(name, named=False)
    for name in fields_in(model, QUERY):
        yield f"query {name}", _in_query(name)
    for name in fields_in(model, HEADER):
        yield f"header {name}", _in_header(name)
    for media_type in model.whole_body:
        yield from _in_patch(media_type)
    for name in () if model.whole_body else fields_in(model, BODY):
        yield from _in_field(name)


def _in_field(name: str) -> Iterator[tuple[str, Plant]]:
    if name == "operations":
        yield from _in_operations()
        yield f"body {name} misshapen", _shaped(name, SHAPES["nested"])
    elif name == "value":
        yield from ((f"body value {shape}", _shaped(name, make)) for shape, make in SHAPES.items())
    elif name == "items":
        yield from _in_items()
        yield f"body {name} misshapen", _shaped(name, SHAPES["nested"])
    elif name == "to":
        yield "body to path", lambda asked, canary: asked.with_body(to=_elsewhere(asked, canary))
        yield "body to misshapen", _shaped(name, SHAPES["nested"])
    elif name == "tags":
        yield "body tags value", lambda asked, canary: asked.with_body(tags={"team": canary.text})
        yield "body tags name", lambda asked, canary: asked.with_body(tags={canary.text: "red"})
    else:
        yield f"body {name}", _shaped(name, SHAPES["text"])
        yield f"body {name} misshapen", _shaped(name, SHAPES["nested"])


def _elsewhere(asked: Asked, canary: Canary) -> Any:
    told = asked.body["to"]
    return {**told, "path": f"api-keys/{canary.text}"} if isinstance(told, dict) else canary.text  # or a time's end


def _in_patch(media_type: str) -> Iterator[tuple[str, Plant]]:
    """The whole body is a patch: what it sets, where, and what it is."""
    kind = media_type.partition("/")[2].partition("+")[0]

    def document(key: str, value: Any) -> Any:
        merge = {key: value}
        return merge if kind == "merge-patch" else [{"op": "add", "path": f"/{key}", "value": value}]

    def sent(make: Callable[[Canary], Any]) -> Plant:
        return lambda asked, canary: replace(asked.with_headers(content_type=media_type), body=make(canary))

    yield f"{kind} value", sent(lambda canary: document("credential", canary.text))
    yield f"{kind} place", sent(lambda canary: document(canary.text, 1))
    yield f"{kind} inside $secret", sent(lambda canary: document("key", {"$secret": canary.text, "more": 1}))
    yield f"{kind} misshapen", sent(lambda canary: [{"op": canary.text, "path": canary.text, canary.text: 1}])


def _in_operations(index: int = 0) -> Iterator[tuple[str, Plant]]:
    """Of a batch, one operation's own fields."""

    def within(**members: Callable[[Canary], Any]) -> Plant:
        def plant(asked: Asked, canary: Canary) -> Asked:
            made = {name: make(canary) for name, make in members.items()}
            operations = [*asked.body["operations"]]
            operations[index] = {**operations[index], **made}
            return asked.with_body(operations=operations)

        return plant

    yield "operation path", within(path=lambda canary: f"llm-gateway/{canary.text}")
    yield "operation reason", within(reason=lambda canary: canary.text)
    yield "operation tags value", within(tags=lambda canary: {"team": canary.text})
    yield "operation if_match", within(if_match=lambda canary: canary.text)
    yield "operation environment", within(environment=lambda canary: canary.text)
    yield "operation unknown", within(surprise=lambda canary: canary.text)
    for shape in ("text", "key", "inside $secret"):
        yield f"operation value {shape}", within(value=SHAPES[shape])


def _in_items() -> Iterator[tuple[str, Plant]]:
    """Of a report, its first item's own fields."""

    def within(**members: Callable[[Canary], Any]) -> Plant:
        def plant(asked: Asked, canary: Canary) -> Asked:
            made = {name: make(canary) for name, make in members.items()}
            return asked.with_body(items=[{**asked.body["items"][0], **made}])

        return plant

    yield "item namespace", within(namespace=lambda canary: canary.text)
    yield "item environment", within(environment=lambda canary: canary.text)
    yield "item revision", within(revision=lambda canary: canary.text)
    yield "item unknown", within(surprise=lambda canary: canary.text)
    secret = {"version_id": "01HZZZZZZZZZZZZZZZZZ000007"}
    yield "item secret path", within(secrets=lambda canary: [{**secret, "path": f"api-keys/{canary.text}"}])
    yield "item secret version", within(secrets=lambda canary: [{"path": "a/b", "version_id": canary.text}])


def _undeclared(operation: Operation) -> Iterator[tuple[str, Plant]]:
    yield "query unknown name", _in_query_name
    yield "query unknown value", _in_query("surprise")
    yield "header unknown", _in_header("x-surprise")
    yield "header x-correlation-id", _in_header("x-correlation-id")
    yield "header traceparent", _in_header("traceparent")
    yield "header accept", _in_header("accept")
    yield "header content-type", _in_header("content-type")
    yield "header bearer", lambda asked, canary: asked.with_headers(authorization=f"Bearer {canary.text}")
    yield "header basic", lambda asked, canary: asked.with_headers(authorization=f"Basic {_coded(canary.text)}")
    yield "header unsigned token", _unsigned
    yield "header x-api-key", _in_header("x-api-key")
    yield "body unknown name", lambda asked, canary: asked.with_body(**{canary.text: 1})
    yield "body unknown value", lambda asked, canary: asked.with_body(surprise=canary.text)
    yield "body later value", lambda asked, canary: asked.with_body(expires_at=canary.text, rotation={canary.text: 1})
    yield "body not JSON", lambda asked, canary: replace(asked, body=f'{{"value": "{canary.text}'.encode())
    yield "body not an object", lambda asked, canary: replace(asked, body=json.dumps([canary.text]).encode())
    yield (
        "body twice the name",
        lambda asked, canary: replace(asked, body=f'{{"value":1,"value":"{canary.text}"}}'.encode()),
    )
    yield "body not UTF-8", lambda asked, canary: replace(asked, body=canary.text.encode() + b"\xff")
    yield "body too deep", lambda asked, canary: replace(asked, body=(f'["{canary.text}",' + "[" * 70).encode())


CLAIMS: dict[str, Plant] = {
    "token subject": lambda asked, canary: replace(asked, claims={"sub": canary.text}),
    "token roles": lambda asked, canary: replace(asked, claims={"roles": [*asked.roles, canary.text]}),
    "token attribute": lambda asked, canary: replace(asked, claims={"team": canary.text}),
    "token tenant": lambda asked, canary: replace(asked, claims={"tenant_id": canary.text}),
    "token issuer": lambda asked, canary: replace(asked, claims={"iss": canary.text}),
    "token audience": lambda asked, canary: replace(asked, claims={"aud": canary.text}),
}
_STORED: dict[str, Plant] = {"stored secret": lambda asked, canary: replace(asked, stored=canary.text)}


def _in_path(name: str, *, named: bool) -> Plant:
    def plant(asked: Asked, canary: Canary) -> Asked:
        before, slash, _ = asked.path[name].rpartition("/")
        text = canary.text if named else f"{canary.text}%41#"
        return replace(asked, path={**asked.path, name: f"{before}{slash}{text}"})

    return plant


def _in_query(name: str) -> Plant:
    return lambda asked, canary: replace(asked, query={**asked.query, name: canary.text})


def _in_query_name(asked: Asked, canary: Canary) -> Asked:
    return replace(asked, query={**asked.query, canary.text: "1"})


def _in_header(name: str) -> Plant:
    return lambda asked, canary: replace(asked, headers={**asked.headers, name: canary.text})


def _shaped(name: str, make: Callable[[Canary], Any]) -> Plant:
    return lambda asked, canary: asked.with_body(**{name: make(canary)})


def _unsigned(asked: Asked, canary: Canary) -> Asked:
    parts = (_coded(json.dumps(part)) for part in ({"alg": "none", "kid": canary.text}, {"sub": canary.text}))
    return asked.with_headers(authorization=f"Bearer {'.'.join(parts)}.{_coded('signed')}")


def _coded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()
