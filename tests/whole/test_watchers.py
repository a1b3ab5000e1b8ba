"""A thousand watchers of one home, over real connections: each is told of a change once, and the home stays small."""

import asyncio
import json
import resource
import socket
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from llm_config_local.sockets import PATH
from tests.support.nets import EVERY_OTHER
from tests.support.processes import Served

WATCHERS, PATIENCE_SECONDS = 1000, 120
MEGABYTES = 150
"""How much more the home may hold with a thousand watchers than with none: 150 KB each."""
CONFIG = "/api/v1/configs/app/a?environment=production"


class Watcher:
    """One connection that asks, and asks again when it is answered and not told."""

    def __init__(self, home: Served, token: str, target: str, accept: str) -> None:
        self._address = home.url.removeprefix("http://").partition(":")
        asked = f"GET {target} HTTP/1.1\r\nHost: home\r\nAuthorization: Bearer {token}\r\nAccept: {accept}\r\n\r\n"
        self._asked, self._streams = asked.encode(), accept != "application/json"

    async def open(self) -> "Watcher":
        host, _, port = self._address
        self._reader, self._writer = await asyncio.open_connection(host, int(port), limit=2**20)
        self._writer.write(self._asked)
        return self

    async def told(self) -> list[int]:
        """The versions in the first page that has any; a body, and each event, is JSON in a line of its own."""
        while True:
            page = await asyncio.wait_for(self._page(), PATIENCE_SECONDS)
            if versions := [change["version"] for change in page["changes"]]:
                return versions
            if not self._streams:
                self._writer.write(self._asked)

    async def _page(self) -> Any:
        if not self._streams:
            head = await self._reader.readuntil(b"\r\n\r\n")
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            return json.loads(await self._reader.readexactly(int(length.partition(b":")[2])))
        while not (line := await self._reader.readline()).startswith(b"data: "):
            assert line, "the stream ended"
        return json.loads(line.removeprefix(b"data: "))

    def close(self) -> None:
        self._writer.close()


class SocketWatcher:
    """The same over a WebSocket."""

    def __init__(self, home: Served, token: str) -> None:
        self._url, self._headers = home.url.replace("http", "ws", 1) + PATH, {"Authorization": f"Bearer {token}"}

    async def open(self) -> "SocketWatcher":
        self._socket = await connect(
            self._url, additional_headers=self._headers, compression=None, ping_interval=None, proxy=None
        )
        await self._socket.send(json.dumps({"action": "subscribe", "namespace": "app", "since": "1"}))
        assert (await self._told())["data"]["changes"] == [], "it waits"
        return self

    async def told(self) -> list[int]:
        while True:
            message = await self._told()
            if versions := [change["version"] for change in message["data"].get("changes", ())]:
                return versions

    async def _told(self) -> Any:
        return json.loads(await asyncio.wait_for(self._socket.recv(), PATIENCE_SECONDS))

    async def close(self) -> None:
        await self._socket.close()


@pytest.fixture(autouse=True)
def many_connections() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def memory(pid: int) -> int:
    """Megabytes that the process holds."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) // 1024


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


@dataclass(frozen=True)
class Held:
    """What a home has with its watchers: megabytes more than without them, threads and descriptors in all."""

    megabytes: int
    threads: int
    descriptors: int

    @classmethod
    def of(cls, pid: int, before: int) -> "Held":
        return cls(memory(pid) - before, threads(pid), descriptors(pid))

    def is_little(self) -> bool:
        return self.megabytes < MEGABYTES and self.threads < 60 and self.descriptors < WATCHERS + 100


@EVERY_OTHER
@pytest.mark.parametrize(
    ("target", "accept"),
    [
        pytest.param("/api/v1/changes?namespace=app&since=1&wait=20", "application/json", id="long poll"),
        pytest.param("/api/v1/changes?namespace=app&since=1", "text/event-stream", id="stream"),
    ],
)
def test_a_thousand_watchers_are_told_of_one_change_each(running: Served, target: str, accept: str) -> None:
    token = running.token(running.tenant("acme"), "operator")
    with running.client(token) as client:
        client.put(CONFIG, json={"value": 1})
        before = memory(running.pid)

        async def scene() -> tuple[Counter[tuple[int, ...]], Held]:
            opened = [await Watcher(running, token, target, accept).open() for _ in range(WATCHERS)]
            await asyncio.to_thread(client.get, "/health/live")  # behind all of them in the home's queue
            held = Held.of(running.pid, before)
            await asyncio.to_thread(client.put, CONFIG, json={"value": 2})
            found = Counter(map(tuple, await asyncio.gather(*(each.told() for each in opened))))
            for each in opened:
                each.close()
            return found, held

        found, held = asyncio.run(scene())
        assert found == {(2,): WATCHERS}
        assert held.is_little(), held
        assert client.get(CONFIG).json()["version"] == 2, "the home serves on"


@EVERY_OTHER
def test_a_thousand_watchers_over_websockets_are_told_of_one_change_each(running: Served) -> None:
    token = running.token(running.tenant("acme"), "operator")
    with running.client(token) as client:
        client.put(CONFIG, json={"value": 1})
        before = memory(running.pid)

        async def scene() -> tuple[Counter[tuple[int, ...]], Held]:
            opened = [await SocketWatcher(running, token).open() for _ in range(WATCHERS)]
            held = Held.of(running.pid, before)
            await asyncio.to_thread(client.put, CONFIG, json={"value": 2})
            found = Counter(map(tuple, await asyncio.gather(*(each.told() for each in opened))))
            await asyncio.gather(*(each.close() for each in opened))
            return found, held

        found, held = asyncio.run(scene())
        assert found == {(2,): WATCHERS}
        assert held.is_little(), held
        assert client.get(CONFIG).json()["version"] == 2, "the home serves on"


def test_a_home_that_is_told_to_stop_answers_its_watchers(running: Served) -> None:
    token = running.token(running.tenant("acme"), "operator")
    host, _, port = running.url.removeprefix("http://").partition(":")

    def asking(query: str, accept: str) -> socket.socket:
        asked = f"GET /api/v1/changes{query} HTTP/1.1\r\nHost: home\r\nAuthorization: Bearer {token}\r\nAccept: {accept}\r\n\r\n"
        connection = socket.create_connection((host, int(port)), timeout=PATIENCE_SECONDS)
        connection.sendall(asked.encode())
        return connection

    with asking("", "text/event-stream") as stream, asking("?wait=20", "application/json") as poll:
        begun = stream.recv(4096)
        with running.client(token) as client:
            client.get("/health/live")  # behind the poll in the home's queue
        assert running.stop() == 0
        assert (begun + _rest(stream)).endswith(b"\r\n0\r\n\r\n"), "the stream was ended, and not cut"
        assert json.loads(_rest(poll).partition(b"\r\n\r\n")[2])["changes"] == []


def _rest(connection: socket.socket) -> bytes:
    return b"".join(iter(lambda: connection.recv(65536), b""))
