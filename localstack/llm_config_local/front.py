"""HTTP in front of the Lambda handlers: each request becomes an API Gateway event (HTTP API, payload 2.0).

Nothing here knows an operation: routes come from the catalog, and the handler that answers is the one that a Lambda
function would run, in this process or, for `front`, wherever the caller has it.
"""

import importlib
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route, request_response
from starlette.types import Receive, Scope, Send
from ulid import ULID

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.operation import Operation
from llm_config.runtime.problems import problem
from llm_config.runtime.routes import Routes
from llm_config_domain.errors import MethodNotAllowed, NotFound, TooLarge
from llm_config_local import streams
from llm_config_local.adapters.audit_exports import PATH as AUDIT_EXPORTS
from llm_config_local.gateway_events import event_of, raw_path
from llm_config_local.places import Places
from llm_config_local.sockets import Sockets
from llm_config_local.waiting import Handler, answered, http_response, left_by

Fetched = Callable[[str, Mapping[str, str]], Path | None]
"""(name, query of a signed address) -> the file that it is good for."""
HandlerOf = Callable[[Operation], Handler]

_ROUTES = Routes(OPERATIONS)


def application(
    key_set: Callable[[], Mapping[str, Any]],
    issuer: str,
    fetched: Fetched = lambda name, query: None,
    places: Places | None = None,
) -> Starlette:
    """The whole front. `key_set` is the local issuer's JWKS, which stands beside the API as an issuer's would; `fetched`
    gives the file of a signed address, as a bucket's would."""

    async def jwks(request: Request) -> Response:
        return _json(key_set())

    async def discovery(request: Request) -> Response:
        return _json({"issuer": issuer, "jwks_uri": f"{issuer}/.well-known/jwks.json"})

    async def export(request: Request) -> Response:
        path = fetched(request.path_params["name"], request.query_params)
        if path is None:
            not_there = NotFound("the address is not good any more, or what it names is not made yet")
            return http_response(problem(not_there, str(ULID()), {"Retry-After": "1"}))
        headers = {"Cache-Control": "no-store", "X-Request-Id": str(ULID())}
        return FileResponse(path, media_type="application/json", headers=headers)

    exports = Route(f"{AUDIT_EXPORTS}/{{name:path}}", export)
    published = [exports, Route("/.well-known/jwks.json", jwks), Route("/.well-known/openid-configuration", discovery)]
    return front(_own_handler, published, places)


def front(handler_of: HandlerOf, routes: Sequence[Route] = (), places: Places | None = None) -> Starlette:
    """The catalog's routes, answered by the handler that `handler_of` gives for each, behind `routes`; and its feed over
    WebSockets, of which there are as many at once as `places` has."""

    async def answer(request: Request) -> Response:
        return await _answer(request, handler_of)

    requests, sockets = request_response(answer), Sockets(handler_of, places or Places())

    async def default(scope: Scope, receive: Receive, send: Send) -> None:
        await (sockets if scope["type"] == "websocket" else requests)(scope, receive, send)

    app = Starlette(routes=routes)
    # Everything else, whatever its method and path (a route's pattern would miss a newline): the catalog decides.
    app.router.default = default
    return app


def _json(told: Mapping[str, Any]) -> Response:
    return JSONResponse(told, headers={"X-Request-Id": str(ULID())})


async def _answer(request: Request, handler_of: HandlerOf) -> Response:
    request_id = str(ULID())
    path = raw_path(request)
    try:
        match = _ROUTES.match(request.method, path)
        body = await _read(request, match.operation.request.max_body_bytes)
    except MethodNotAllowed as refusal:
        return http_response(problem(refusal, request_id, {"Allow": ", ".join(refusal.allowed)}))
    except ClientDisconnect:
        return Response(status_code=400)  # nobody is there to read it
    except (NotFound, TooLarge) as refusal:
        return http_response(problem(refusal, request_id))
    event = event_of(request, match, path, body, request_id)
    handler = handler_of(match.operation)
    if streams.wanted(request, match.operation):
        return await streams.response(request, handler, event)
    return http_response(await answered(left_by(request), handler, event))


@cache
def _own_handler(operation: Operation) -> Handler:
    """The function's own handler, imported at its first request: the local cold start."""
    module = importlib.import_module(f"functions.{operation.area}.{operation.name}.handler")
    handler: Handler = module.lambda_handler
    return handler


async def _read(request: Request, limit: int) -> bytes:
    """Raises TooLarge before much more than the limit is held."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise TooLarge("the body is larger than this route takes", limit=limit, current=len(body))
    return bytes(body)
