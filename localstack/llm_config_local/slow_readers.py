"""A WebSocket's connection that does not wait for ever for its reader."""

from asyncio import TimerHandle

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

PATIENCE_SECONDS = 20.0


class ImpatientSocket(WebSocketsSansIOProtocol):
    """Whoever takes nothing for `PATIENCE_SECONDS` while something waits for it is cut off: a closing that waits for the
    buffer to be taken would wait as long. What waits is at most one message more than the transport's own buffer."""

    _impatience: TimerHandle | None = None

    def handle_ping(self) -> None:
        """Who takes nothing is owed no pong: a flood of pings would make a flood of them."""
        if self.writable.is_set():
            super().handle_ping()
        else:
            self.conn.data_to_send()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._impatience = self.loop.call_later(PATIENCE_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._calm()

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self._calm()

    def _calm(self) -> None:
        if self._impatience is not None:
            self._impatience.cancel()
            self._impatience = None
