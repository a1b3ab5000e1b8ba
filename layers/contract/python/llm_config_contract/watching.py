"""What a client says over a WebSocket, and how it is told: what it is told are the answers of the feed (`configs.Changes`).

The requests below it are the gateway's: what it says of a connection.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from llm_config_contract.wire import Environment, Glob, Wire

MAX_MESSAGE_BYTES = 16 * 1024
"""More than the longest place."""
Since = Annotated[str, Field(max_length=8192)]


class Subscribe(Wire):
    """The first and only message: what to watch, from where on. The names and their meaning are those of the feed's query.

    `action` is what API Gateway chooses a route by.
    """

    max_body_bytes: ClassVar[int] = MAX_MESSAGE_BYTES
    action: Literal["subscribe"]
    namespace: Glob = "*"
    since: Since = "0"
    environment: Environment | None = None


def message(kind: str, text: str) -> str:
    """`text` is an answer's JSON as it came, numbers to the digit."""
    return f'{{"event":"{kind}","data":{text}}}'


class OpenWatch(Wire):
    """A handshake whose credential was verified: until when it holds, and by which API key it was proven."""

    connection: str
    credential_ends: str | None = None
    api_key: str | None = None

    @property
    def resource_id(self) -> str:
        return "whoami"


class SubscribeWatch(Wire):
    """A message that came over a connection."""

    connection: str
    message: Annotated[str, Field(repr=False)]


class CloseWatch(Wire):
    connection: str


class PushHeartbeats(Wire):
    """A minute that has come."""


class Pushed(Wire):
    """`messages`: how many were sent."""

    messages: int
