"""Reading server-sent events (HTML Living Standard, section 9.2.6), without IO: bytes in, events out."""

from dataclasses import dataclass

from llm_config_client.errors import UnreadableAnswer

MEDIA_TYPE = "text/event-stream"
MAX_EVENT_BYTES = 64 * 1024 * 1024
"""More than the largest page of changes."""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """`kind` is empty for what is no event to a reader: a comment, a new place, a new pause."""

    kind: str
    data: str


class EventStream:
    """One connection. `place` is the last event's id, `retry_seconds` what the service asked for."""

    def __init__(self) -> None:
        self.place: str | None = None
        self.retry_seconds = 0.0
        self._rest = b""
        self._fields: dict[str, str] = {}

    def read(self, chunk: bytes) -> list[ServerEvent]:
        """The events that end in `chunk`. Raises UnreadableAnswer for what is not such a stream."""
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if len(self._rest) > MAX_EVENT_BYTES:
            raise UnreadableAnswer("an event of the server's stream has no end")
        return [event for line in lines if (event := self._line(line.removesuffix(b"\r"))) is not None]

    def _line(self, line: bytes) -> ServerEvent | None:
        if not line:
            told, self._fields = self._fields, {}
            return ServerEvent(told.get("event", "message") if "data" in told else "", told.get("data", ""))
        name, _, value = _text(line).partition(":")
        self._take(name, value.removeprefix(" "))
        return None

    def _take(self, name: str, value: str) -> None:
        if name == "data" and "data" in self._fields:
            value = f"{self._fields['data']}\n{value}"
        if name == "id" and "\0" not in value:
            self.place = value
        if name == "retry" and value.isascii() and value.isdigit() and len(value) < 9:
            self.retry_seconds = int(value) / 1000
        self._fields[name] = value


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableAnswer("the server's stream is not UTF-8") from None
