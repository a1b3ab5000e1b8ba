"""WebSockets over real connections to a front in this process: readers that take nothing, and handshakes that are none."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from websockets.client import ClientProtocol
from websockets.protocol import CLIENT, Protocol
from websockets.uri import parse_uri

from llm_config.runtime import wiring
from llm_config_local import slow_readers
from llm_config_local.front import application
from llm_config_local.places import Places
from llm_config_local.serve import configured
from llm_config_local.sockets import PATH
from tests.support.everyday import put
from tests.support.homes import EmbeddedKit, embedded

PATIENCE_SECONDS = 60
KEYS, VALUE = 300, "x" * 32_000
"""More than the buffers of two ends of a connection take."""


@dataclass(frozen=True)
class Front:
    kit: EmbeddedKit
    token: str
    places: Places
    port: int

    async def until_taken(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while self.places.taken != count:
                await asyncio.sleep(0.001)

    async def answered(self, *lines: str) -> bytes:
        """The status line that a handshake of these lines comes to."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write("\r\n".join((f"GET {PATH} HTTP/1.1", "Host: home", *lines, "", "")).encode())
        async with asyncio.timeout(PATIENCE_SECONDS):
            status = await reader.readline()
        writer.close()
        return status


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[EmbeddedKit]:
    with embedded(tmp_path / "home") as made:
        wiring.use(made.factories)
        yield made


@contextlib.asynccontextmanager
async def serving(kit: EmbeddedKit) -> AsyncIterator[Front]:
    """As `serve` configures it, in this event loop."""
    places, listener = Places(), socket.create_server(("127.0.0.1", 0))
    app = application(lambda: {"keys": []}, "http://127.0.0.1:1", places=places)
    server = uvicorn.Server(configured(app))
    running = asyncio.ensure_future(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0.001)
    try:
        yield Front(kit, kit.token(kit.tenant("acme"), "tenant-admin"), places, listener.getsockname()[1])
    finally:
        kit.family.change_signal.end()
        server.should_exit = True
        await asyncio.wait_for(running, PATIENCE_SECONDS)


def test_a_reader_that_takes_nothing_is_cut_off_and_frees_its_place(
    kit: EmbeddedKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slow_readers, "PATIENCE_SECONDS", 0)

    async def scene() -> None:
        async with serving(kit) as front:
            for number in range(KEYS):
                await asyncio.to_thread(put, kit, front.token, f"a/key-{number}", VALUE)
            with socket.socket() as line:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                line.setblocking(False)
                await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", front.port))
                handshake = ClientProtocol(parse_uri(f"ws://127.0.0.1:{front.port}{PATH}"))
                asked = handshake.connect()
                asked.headers["Authorization"] = f"Bearer {front.token}"
                handshake.send_request(asked)
                await _send(line, handshake)
                await front.until_taken(1)
                talk = Protocol(CLIENT)
                talk.send_text(b'{"action":"subscribe"}')
                await _send(line, talk)
                await front.until_taken(0)

    asyncio.run(scene())


async def _send(line: socket.socket, client: Protocol) -> None:
    await asyncio.get_running_loop().sock_sendall(line, b"".join(client.data_to_send()))


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        pytest.param(("Connection: Upgrade", "Upgrade: websocket"), b"400", id="no key"),
        pytest.param(
            ("Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 13"),
            b"400",
            id="a key that is none",
        ),
        pytest.param(
            (
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                "Sec-WebSocket-Version: 12",
            ),
            b"400",
            id="a version of long ago",
        ),
        pytest.param((), b"404", id="no handshake at all"),
    ],
)
def test_a_handshake_that_is_none_opens_nothing(kit: EmbeddedKit, lines: tuple[str, ...], status: bytes) -> None:
    async def scene() -> None:
        async with serving(kit) as front:
            assert (await front.answered(*lines, f"Authorization: Bearer {front.token}")).split()[1] == status
            assert front.places.taken == 0

    asyncio.run(scene())
