"""A server whose handshakes open WebSockets: what comes on each of them is said beforehand, what is sent is kept."""

import json
from collections.abc import Sequence
from typing import Any

import httpcore
import httpx
from websockets.frames import Frame, Opcode
from websockets.protocol import SERVER, Protocol
from websockets.utils import accept_key

from tests.unit.client.answering import Answering, Outcome

Said = Any
"""A message (event, data); text or bytes of a frame as it is; an error of httpcore's; an int: a close code."""


class Line:
    """httpcore's stream, as far as it is asked. Each item is one part that comes; then the line is dead."""

    def __init__(self, *said: Said) -> None:
        self._said = list(said)
        self._server = Protocol(SERVER, max_size=None)

    def read(self, _: int, __: float | None = None) -> bytes:
        if not self._said:
            return b""
        said = self._said.pop(0)
        if isinstance(said, Exception):
            raise said
        return self._bytes(said)

    def write(self, sent: bytes, _: float | None = None) -> None:
        if not self._said and self._server.close_sent is None:
            raise httpcore.WriteError
        self._server.receive_data(sent)

    def heard(self) -> list[tuple[str, bytes]]:
        """(opcode, data) of what the client sent."""
        return [(frame.opcode.name, bytes(frame.data)) for frame in self._server.events_received()
                if isinstance(frame, Frame)]  # fmt: skip

    def _bytes(self, said: Said) -> bytes:
        self._server.data_to_send()
        if isinstance(said, int):
            self._server.send_close(said)
        elif isinstance(said, Frame):
            self._server.send_frame(said)
        elif isinstance(said, bytes):
            return said
        else:
            self._server.send_text(json.dumps({"event": said[0], "data": said[1]}).encode())
        return b"".join(self._server.data_to_send())


class LaterLine:
    """The same for asyncio."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def read(self, most: int, seconds: float | None = None) -> bytes:
        return self._line.read(most, seconds)

    async def write(self, sent: bytes, seconds: float | None = None) -> None:
        self._line.write(sent, seconds)


class Talking(Answering):
    """Each handshake opens the next of `lines`, or comes to what stands there; after the last of them none is known."""

    def __init__(
        self, lines: Sequence[Line | httpx.Response | httpx.RequestError], *outcomes: Outcome, later: bool = False
    ) -> None:
        super().__init__(*outcomes or (httpx.Response(500),))
        self.lines, self._later = list(lines), later
        self.handshakes: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("upgrade") != "websocket" or not self.lines:
            return super().__call__(request)
        self.handshakes.append(request)
        line = self.lines.pop(0)
        if isinstance(line, httpx.RequestError):
            raise line
        if isinstance(line, httpx.Response):
            return line
        headers = {"sec-websocket-accept": accept_key(request.headers["sec-websocket-key"])}
        extensions: dict[str, Any] = {"network_stream": LaterLine(line) if self._later else line}
        return httpx.Response(101, headers=headers, extensions=extensions)


PING = Frame(Opcode.PING, b"p")
