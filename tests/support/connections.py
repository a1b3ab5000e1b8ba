"""Requests to the front as its server would bring them, without a socket: each can be held open, and left."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.types import Message

PATIENCE_SECONDS = 30


class Connection:
    """One GET of a client, that reads what comes when it likes."""

    def __init__(self, app: Starlette, url: str, headers: dict[str, str]) -> None:
        path, _, query = url.partition("?")
        self._scope: dict[str, Any] = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "http_version": "1.1",
            "scheme": "http",
            "server": ("127.0.0.1", 1),
        }
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


def run(scene: Callable[[], Awaitable[None]]) -> None:
    """One scene in an event loop of its own."""

    async def whole() -> None:
        await scene()

    asyncio.run(whole())
