"""Requests to the front as its server would bring them, without a socket: each can be held open, and left."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.types import Message

PATIENCE_SECONDS = 30


def _scope(url: str, headers: dict[str, str], **more: Any) -> dict[str, Any]:
    path, _, query = url.partition("?")
    return {
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
        "server": ("127.0.0.1", 1),
        **more,
    }


class Connection:
    """One GET of a client, that reads what comes when it likes."""

    def __init__(self, app: Starlette, url: str, headers: dict[str, str]) -> None:
        self._scope = _scope(url, headers, type="http", method="GET", scheme="http")
        self._asked = False
        self._gone = asyncio.Event()
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._task = asyncio.ensure_future(app(self._scope, self._receive, self._sent.put))

    async def _receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def leave(self) -> None:
        """Go away; returns when the front has noticed."""
        self._gone.set()
        await asyncio.wait_for(self._task, PATIENCE_SECONDS)

    async def begun(self) -> Message:
        """The beginning of the answer: `status` and `headers`."""
        return await asyncio.wait_for(self._sent.get(), PATIENCE_SECONDS)

    async def part(self) -> str:
        """The next part of its body."""
        message = await asyncio.wait_for(self._sent.get(), PATIENCE_SECONDS)
        return str(message["body"].decode())

    async def answer(self) -> tuple[int, Any]:
        """(status, JSON) of an answer that has an end."""
        status = (await self.begun())["status"]
        return status, json.loads(await self.part())

    async def events(self) -> AsyncIterator[dict[str, str]]:
        """The fields of each event of a stream; a comment is the field ``."""
        text = ""
        while True:
            text += await self.part()
            while "\n\n" in text:
                event, _, text = text.partition("\n\n")
                yield {name: value.strip() for name, _, value in (line.partition(":") for line in event.split("\n"))}


class SocketConnection:
    """One WebSocket of a client, as its server would bring it."""

    def __init__(self, app: Starlette, url: str, headers: dict[str, str]) -> None:
        extensions: dict[str, Any] = {"websocket.http.response": {}}
        scope = _scope(url, headers, type="websocket", scheme="ws", subprotocols=[], extensions=extensions)
        self._said: asyncio.Queue[Message] = asyncio.Queue()
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._said.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.ensure_future(app(scope, self._said.get, self._sent.put))

    async def denied(self) -> tuple[int, dict[str, str], Any]:
        """(status, headers, problem) of a handshake that came to nothing."""
        begun, body = await self._next(), await self._next()
        assert begun["type"] == "websocket.http.response.start"
        headers = {name.decode(): value.decode() for name, value in begun["headers"]}
        return begun["status"], headers, json.loads(body["body"])

    async def accepted(self) -> "SocketConnection":
        assert (await self._next())["type"] == "websocket.accept"
        return self

    def say(self, told: Any) -> None:
        """One message: text as it is, bytes as they are, everything else as JSON."""
        kind = "bytes" if isinstance(told, bytes) else "text"
        self._said.put_nowait(
            {"type": "websocket.receive", kind: told if isinstance(told, str | bytes) else json.dumps(told)}
        )

    def subscribe(self, **told: Any) -> None:
        self.say({"action": "subscribe", **told})

    async def text(self) -> str:
        return str((await self._next())["text"])

    async def message(self) -> tuple[str, Any]:
        """(event, data) of the next message."""
        told = json.loads(await self.text())
        return told["event"], told["data"]

    async def closed(self) -> int:
        """The code that it was closed with; nothing came before."""
        message = await self._next()
        assert message["type"] == "websocket.close", message
        return int(message["code"])

    async def leave(self) -> None:
        """Go away; returns when the front has noticed."""
        self._said.put_nowait({"type": "websocket.disconnect", "code": 1005})
        await asyncio.wait_for(self._task, PATIENCE_SECONDS)

    async def _next(self) -> Message:
        return await asyncio.wait_for(self._sent.get(), PATIENCE_SECONDS)


def run(scene: Callable[[], Awaitable[None]]) -> None:
    """One scene in an event loop of its own."""

    async def whole() -> None:
        await scene()

    asyncio.run(whole())
