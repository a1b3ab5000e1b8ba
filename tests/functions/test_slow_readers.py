"""A WebSocket whose reader takes nothing is cut off; one that is only late is not."""

import asyncio
from typing import Any

import pytest
import uvicorn
from uvicorn.server import ServerState

from llm_config_local import slow_readers
from llm_config_local.slow_readers import ImpatientSocket


class Line(asyncio.Transport):
    """A connection, as far as it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.aborted = False
        self.written = b""

    def write(self, data: Any) -> None:
        self.written += data

    def abort(self) -> None:
        self.aborted = True

    def close(self) -> None:
        pass


async def connected(line: Line) -> ImpatientSocket:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("no handshake came")

    config = uvicorn.Config(app, log_config=None, lifespan="off")
    config.load()
    socket = ImpatientSocket(config, ServerState(), {})
    socket.connection_made(line)
    return socket


async def turns(count: int = 5) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.fixture(autouse=True)
def no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slow_readers, "PATIENCE_SECONDS", 0)


def test_who_takes_nothing_is_cut_off_and_not_waited_for() -> None:
    async def scene() -> None:
        line = Line()
        (await connected(line)).pause_writing()
        await turns()
        assert line.aborted

    asyncio.run(scene())


@pytest.mark.parametrize("what", ["resume_writing", "connection_lost"])
def test_who_reads_on_or_is_gone_is_not(what: str) -> None:
    async def scene() -> None:
        line = Line()
        socket = await connected(line)
        socket.pause_writing()
        socket.resume_writing() if what == "resume_writing" else socket.connection_lost(None)
        await turns()
        assert not line.aborted

    asyncio.run(scene())


def test_a_pong_is_owed_to_who_takes_it_alone() -> None:
    async def scene() -> None:
        line = Line()
        socket = await connected(line)
        for pause, sent in ((socket.pause_writing, b""), (socket.resume_writing, b"\x8a\x01b")):
            pause()
            socket.conn.writes.append(b"\x8a\x01b")
            socket.handle_ping()
            assert line.written == sent

    asyncio.run(scene())
