"""A WebSocket (RFC 6455) without IO: bytes in, events out, and what to send back.

The connection is httpx's own, upgraded, so that it is made as all others are: with the same credential, certificates,
proxy and timeouts, and no redirect. `websockets` reads and writes the frames. It is optional: the layer of our users'
functions, which are frozen between two calls and cannot watch, does not carry it.
"""

import base64
import hashlib
import importlib.util
import logging
import secrets
from collections.abc import Mapping
from typing import Any

from llm_config_client.core import Headers
from llm_config_client.errors import UnreadableAnswer
from llm_config_client.event_stream import MAX_EVENT_BYTES, ServerEvent
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed
from llm_config_domain.json_text import Json

PATH = "/api/v1/watch"
RETRY_SECONDS = 1.0
SWITCHING_PROTOCOLS, NORMAL = 101, 1000
_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_EVENTS = frozenset({"changes", "gap", "end"})
"""Everything else, also what a newer service may say, is a sign of life."""


def are_there() -> bool:
    return importlib.util.find_spec("websockets") is not None


class Socket:
    """One connection. `place` is the last one that was told; `heard`: a message came on it."""

    def __init__(self) -> None:
        from websockets.protocol import CLIENT, Protocol

        # A logger of nobody's: at DEBUG the protocol's own tells each message.
        silent = logging.Logger("sockets", logging.CRITICAL)
        self._protocol = Protocol(CLIENT, max_size=MAX_EVENT_BYTES, logger=silent)
        self._key = base64.b64encode(secrets.token_bytes(16)).decode()
        self._parts: list[bytes] = []
        self.place: str | None = None
        self.heard = False

    def handshake(self) -> Headers:
        return {
            "connection": "Upgrade",
            "upgrade": "websocket",
            "sec-websocket-version": "13",
            "sec-websocket-key": self._key,
        }

    def is_open(self, status: int, headers: Headers) -> bool:
        """Is this the answer of a server that read this very handshake (section 4.1)?"""
        digest = hashlib.sha1((self._key + _GUID).encode(), usedforsecurity=False).digest()
        return (
            status == SWITCHING_PROTOCOLS and headers.get("sec-websocket-accept") == base64.b64encode(digest).decode()
        )

    @property
    def retry_seconds(self) -> float:
        """Before the next connection; none after a handshake that came to nothing."""
        return RETRY_SECONDS if self.heard else 0.0

    @property
    def is_closed(self) -> bool:
        """The other side said its farewell: nothing comes any more."""
        return self._protocol.close_rcvd is not None

    def say(self, message: Mapping[str, Json]) -> None:
        self._protocol.send_text(json_text.write(dict(message)).encode())

    def owed(self) -> bytes:
        """What to send now."""
        return b"".join(self._protocol.data_to_send())

    def farewell(self) -> bytes:
        """What to send before the connection is closed."""
        if self._protocol.state.name == "OPEN":
            self._protocol.send_close(NORMAL)
        return self.owed()

    def read(self, chunk: bytes) -> list[ServerEvent]:
        """The events that end in `chunk`. Raises UnreadableAnswer for what is not such a connection."""
        self._protocol.receive_data(chunk)
        if self._protocol.parser_exc is not None:
            raise UnreadableAnswer("the server's messages are no WebSocket's, or one of them has no end")
        frames: list[Any] = [frame for frame in self._protocol.events_received() if hasattr(frame, "opcode")]
        return [self._event(text) for frame in frames if (text := self._whole(frame)) is not None]

    def _whole(self, frame: Any) -> bytes | None:
        """A message of any kind but text is none of ours, and found to be no JSON."""
        if frame.opcode.name not in ("TEXT", "BINARY", "CONT"):
            return None
        self._parts.append(bytes(frame.data))
        if not frame.fin:
            return None
        message, self._parts = b"".join(self._parts), []
        return message

    def _event(self, message: bytes) -> ServerEvent:
        told = _read(message)
        kind, data = told.get("event"), told.get("data")
        self.heard = True
        if isinstance(data, dict) and isinstance(data.get("next"), str):
            self.place = str(data["next"])
        return ServerEvent(str(kind), json_text.write(data)) if kind in _EVENTS else ServerEvent("", "")


def _read(message: bytes) -> dict[str, Any]:
    try:
        told = json_text.read(message.decode("utf-8"))
    except (UnicodeDecodeError, Malformed):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("event"), str):
        raise UnreadableAnswer("the server's message is not this API's")
    return told
