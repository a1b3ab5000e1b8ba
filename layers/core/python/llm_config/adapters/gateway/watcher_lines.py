"""Messages to the connections of an API Gateway WebSocket API (API Gateway Management API reference)."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from llm_config.ports.watcher_lines import MAX_MESSAGE_BYTES
from llm_config_domain.errors import NotFound, TooLarge, Unavailable


class GatewayWatcherLines:
    """Implements `watcher_lines`. `client` is boto3's, for the address of the one API."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def post(self, connection: str, message: str) -> None:
        data = message.encode()
        if len(data) > MAX_MESSAGE_BYTES:
            raise TooLarge("this is too much for one message: watch a narrower glob", limit=MAX_MESSAGE_BYTES)
        with self._translated():
            self._client.post_to_connection(ConnectionId=connection, Data=data)

    def close(self, connection: str) -> None:
        with suppress(NotFound), self._translated():
            self._client.delete_connection(ConnectionId=connection)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except self._client.exceptions.GoneException:
            raise NotFound("nobody is connected by this id any more") from None
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the gateway does not answer") from error
