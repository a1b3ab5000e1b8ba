from typing import Protocol

MAX_MESSAGE_BYTES = 128 * 1024
"""Amazon API Gateway Developer Guide, "Quotas for configuring and running a WebSocket API": message payload size."""


class WatcherLines(Protocol):
    """The open connections of the gateway's, each known by its id. Both methods raise Unavailable."""

    def post(self, connection: str, message: str) -> None:
        """Send `message`, behind all that were sent before it.

        Raises TooLarge for more than 128 KiB, and NotFound where nobody is connected by that id any more.
        """
        ...

    def close(self, connection: str) -> None:
        """End it; nothing where there is none any more."""
        ...
