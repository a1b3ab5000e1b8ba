"""Requests to the front, byte by byte: no client stands between that would mend or refuse what is sent."""

import asyncio
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from starlette.applications import Starlette

from llm_config_domain.names import PLATFORM
from tests.support.exemplars import Exemplar
from tests.support.homes import EmbeddedKit

HANG_SECONDS = 20
CHUNK = 65536


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """The front without a socket, in a loop of its own: a request that hangs fails its test and not the run."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.kit: EmbeddedKit
        self._app: Starlette

    @classmethod
    @contextmanager
    def running(cls) -> Iterator["Wire"]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="front", daemon=True)
        thread.start()
        try:
            yield cls(loop)
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(HANG_SECONDS)
            loop.close()

    def attach(self, kit: EmbeddedKit, app: Starlette) -> None:
        self.kit, self._app = kit, app

    def credential(self, sample: Exemplar) -> str:
        """A token that lets the request of `sample` as far in as any."""
        tenant = PLATFORM if sample.platform else self.kit.provide("tenant_reader").by_name("acme").id
        return f"Bearer {self.kit.token(tenant, 'global-admin')}"

    def send(self, method: str, target: bytes, headers: list[tuple[bytes, bytes]], body: bytes = b"") -> Answer:
        path, _, query = target.partition(b"?")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path.decode("latin-1")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": [(b"host", b"127.0.0.1"), *headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        return asyncio.run_coroutine_threadsafe(self._exchange(scope, body), self._loop).result(HANG_SECONDS)

    async def _exchange(self, scope: dict[str, Any], body: bytes) -> Answer:
        chunks = [body[at : at + CHUNK] for at in range(0, len(body), CHUNK)] or [b""]
        told: list[Any] = []

        async def receive() -> dict[str, Any]:
            chunk = chunks.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": bool(chunks)}

        async def send(message: Any) -> None:
            told.append(message)

        await self._app(scope, receive, send)
        start, *parts = told
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in start["headers"]}
        return Answer(start["status"], headers, b"".join(part.get("body", b"") for part in parts))


def check(answer: Answer) -> None:
    """A clear answer: a success where what was sent is legal, else a problem of the sender's."""
    assert 200 <= answer.status < 500, answer.body
    assert answer.headers["x-request-id"]
    if answer.status == 304:
        assert answer.body == b""
    elif answer.status >= 400:
        told = json.loads(answer.body)
        assert answer.headers["content-type"] == "application/problem+json"
        assert (told["status"], told["request_id"]) == (answer.status, answer.headers["x-request-id"])
        assert told["type"] == f"urn:llm-config:problem:{told['kind']}"
