"""API Gateway's WebSocket API without a network: connections, what is said on them, and what they are told."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from llm_config.operations.watching.close_watch import CLOSE_WATCH
from llm_config.operations.watching.open_watch import OPEN_WATCH
from llm_config.operations.watching.push_changes import PUSH_CHANGES
from llm_config.operations.watching.push_heartbeats import PUSH_HEARTBEATS
from llm_config.operations.watching.subscribe_watch import SUBSCRIBE_WATCH
from llm_config.ports.watcher_lines import MAX_MESSAGE_BYTES
from llm_config.runtime.consumer import changes
from llm_config.runtime.sockets import socket
from llm_config.runtime.ticks import schedule
from llm_config_domain import json_text
from llm_config_domain.errors import NotFound, TooLarge, Unavailable
from tests.support.homes import Kit

ADDRESS = "203.0.113.7"


class StandingLines:
    """Implements `watcher_lines`: whoever is `open` is told. `before` stands in the way of each message."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self.texts: dict[str, list[str]] = {}
        self.before: Callable[[str], None] = lambda connection: None
        self.answers = True

    def post(self, connection: str, message: str) -> None:
        if len(message.encode()) > MAX_MESSAGE_BYTES:
            raise TooLarge
        if not self.answers:
            raise Unavailable
        self.before(connection)
        if connection not in self.open:
            raise NotFound
        self.texts.setdefault(connection, []).append(message)

    def close(self, connection: str) -> None:
        self.open.discard(connection)


class ListeningLines(StandingLines):
    """Everybody is connected."""

    def post(self, connection: str, message: str) -> None:
        self.open.add(connection)
        super().post(connection, message)


class Gateway:
    """The API before one home: its functions are called as API Gateway calls them."""

    def __init__(self, kit: Kit) -> None:
        self.lines, self._kit, self._count = StandingLines(), kit, 0
        kit.factories["watcher_lines"] = lambda: self.lines
        kit.forget()

    def connect(self, headers: Mapping[str, str], **event: Any) -> tuple[str, dict[str, Any]]:
        """(the connection, the handshake's answer)."""
        self._count += 1
        connection = f"c{self._count}="
        answer = socket(OPEN_WATCH, self._kit.provide)({**_event(connection), "headers": dict(headers), **event}, None)
        if answer["statusCode"] == 200:
            self.lines.open.add(connection)
        return connection, answer

    def opened(self, token: str) -> str:
        connection, answer = self.connect({"Authorization": f"Bearer {token}"})
        assert answer["statusCode"] == 200, answer
        return connection

    def say(self, connection: str, message: str) -> int:
        event = {**_event(connection), "body": message}
        return int(socket(SUBSCRIBE_WATCH, self._kit.provide)(event, None)["statusCode"])

    def watch(self, token: str, namespace: str = "*", **asked: str) -> str:
        connection = self.opened(token)
        told = {"action": "subscribe", "namespace": namespace, **asked}
        assert self.say(connection, json.dumps(told)) == 200
        return connection

    def disconnect(self, connection: str) -> None:
        self.lines.open.discard(connection)
        assert socket(CLOSE_WATCH, self._kit.provide)(_event(connection), None)["statusCode"] == 200

    def wake(self, *tenants: str) -> int:
        """The queue brings what was published: how many of its messages come again."""
        bodies = [json.dumps({"detail": {"id": "1", "data": {"tenant_id": tenant}}}) for tenant in tenants]
        records = [{"messageId": str(number), "body": body} for number, body in enumerate(bodies)]
        return len(changes(PUSH_CHANGES, self._kit.provide)({"Records": records}, None)["batchItemFailures"])

    def minute(self) -> bool:
        return schedule(PUSH_HEARTBEATS, self._kit.provide)({}, None)["ran"]

    def told(self, connection: str) -> list[Any]:
        """What came over a connection since this was asked last."""
        return [json_text.read(text) for text in self.lines.texts.pop(connection, [])]

    def kinds(self, connection: str) -> list[str]:
        return [told["event"] for told in self.told(connection)]


def _event(connection: str) -> dict[str, Any]:
    return {"requestContext": {"connectionId": connection, "requestId": "r1", "identity": {"sourceIp": ADDRESS}}}
