"""A feed over a WebSocket (RFC 6455), as docs/watching.md says it: a credential in the handshake's header, one message
that subscribes, and then the answers of the feed, each the message that a stream would have as its event.

Who is refused before the handshake is done is told by a problem, as over HTTP; after it by the message `end` and a close
code of 4000 and the problem's status.
"""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from starlette.concurrency import run_in_threadpool
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect
from ulid import ULID

from llm_config.operations.access.whoami import WHOAMI
from llm_config.operations.configs.list_changes import LIST_CHANGES
from llm_config.operations.operation import Operation
from llm_config.runtime.problems import problem
from llm_config.runtime.requests import request_of
from llm_config.runtime.routes import Match
from llm_config_contract.watching import Subscribe, message
from llm_config_domain.errors import Malformed, NotFound, RateLimited, Refusal
from llm_config_local.gateway_events import event_of, raw_path
from llm_config_local.places import Places
from llm_config_local.steps import Told, question, steps
from llm_config_local.waiting import Event, Handler, answered, http_response

PATH = "/api/v1/watch"
SUBSCRIBE_SECONDS = 10
"""For who holds a place and says nothing."""
RETRY_AFTER_SECONDS = 5
CHANGES_IN_A_MESSAGE = 100
"""As many as one reader can be behind in this process's memory; one revision is never cut."""
GOING_AWAY = 1001
PRIVATE = 4000
"""Close codes from here on are an application's own (RFC 6455, section 7.4.2)."""


class Sockets:
    """All WebSockets of one front."""

    def __init__(self, handler_of: Callable[[Operation], Handler], places: Places) -> None:
        self._handler_of, self._places = handler_of, places

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(WebSocketDisconnect):  # nobody is there any more: the place is free
            await self._served(WebSocket(scope, receive, send))

    async def _served(self, socket: WebSocket) -> None:
        reply = await self._greeted(socket)
        if reply["statusCode"] != 200:
            return await socket.send_denial_response(http_response(reply))
        with self._places.place(json.loads(reply["body"])["tenant_id"]) as taken:
            if not taken:
                full = RateLimited("too many are connected: come again later", retry_after=RETRY_AFTER_SECONDS)
                return await socket.send_denial_response(http_response(problem(full, _request_id(reply))))
            await socket.accept(headers=[(b"x-request-id", _request_id(reply).encode())])
            await self._watched(socket)
        return None

    async def _greeted(self, socket: WebSocket) -> Event:
        """Who this is, by the handler that tells everybody. It takes no query, so nobody can put a credential there."""
        if raw_path(socket) != PATH:
            return problem(NotFound("no route has this path"), str(ULID()))
        return await run_in_threadpool(self._handler_of(WHOAMI), _event(socket, WHOAMI), None)

    async def _watched(self, socket: WebSocket) -> None:
        listening, handler = _Listening(socket), self._handler_of(LIST_CHANGES)
        try:
            asked = await _subscription(socket)
        except Refusal as refusal:
            return await _ended(socket, refusal)
        event = {**_event(socket, LIST_CHANGES), "queryStringParameters": _query(asked)}
        first = await answered(listening.left, handler, question(event, asked.since, wait=0))
        async for told in steps(listening.left, handler, event, first):
            await socket.send_text(_message(told))
            if told.kind == "end":
                return await socket.close(PRIVATE + told.status)
        if listening.heard is None:
            return await socket.close(GOING_AWAY)
        if listening.heard["type"] == "websocket.receive":
            await _ended(socket, Malformed("a connection takes one message: open another for another subscription"))
        return None


class _Listening:
    """What came after the subscription: the client's end, or a message that nobody asked for, which ends it too."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self.heard: Message | None = None

    async def left(self) -> None:
        if self.heard is None:
            self.heard = await self._socket.receive()


async def _subscription(socket: WebSocket) -> Subscribe:
    """Raises Malformed, TooLarge; WebSocketDisconnect when the client left instead."""
    try:
        said = await asyncio.wait_for(socket.receive(), SUBSCRIBE_SECONDS)
    except TimeoutError:
        raise Malformed(f"subscribe within {SUBSCRIBE_SECONDS} seconds of connecting") from None
    if said["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(said.get("code") or GOING_AWAY)
    if not said.get("text"):
        raise Malformed("a message is JSON text")
    return cast(Subscribe, request_of(Subscribe, {"body": said["text"]}, {}))


def _query(asked: Subscribe) -> dict[str, str]:
    only = {"environment": asked.environment} if asked.environment else {}
    return {"namespace": asked.namespace, "limit": str(CHANGES_IN_A_MESSAGE), **only}


def _event(socket: WebSocket, operation: Operation) -> dict[str, Any]:
    return event_of(socket, Match(operation, {}), operation.path, b"", str(ULID()))


def _message(told: Told) -> str:
    return message(told.kind, json.dumps({"next": told.place}) if told.kind == "heartbeat" else told.text)


async def _ended(socket: WebSocket, refusal: Refusal) -> None:
    reply = problem(refusal, str(ULID()))
    await socket.send_text(_message(Told("end", reply["body"])))
    await socket.close(PRIVATE + reply["statusCode"])


def _request_id(reply: Event) -> str:
    return str(reply["headers"]["X-Request-Id"])
