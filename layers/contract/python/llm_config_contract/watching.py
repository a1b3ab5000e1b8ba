"""What a client says over a WebSocket. What it is told are the answers of the feed (`configs.Changes`)."""

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
