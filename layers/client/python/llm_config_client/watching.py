"""One watch of the feed, without IO: what to ask next, what an answer tells, and when to come again.

It prefers what tells soonest with least: a WebSocket, where `websockets` is installed and the service answers its
handshake; else a stream of events; else a long poll, by which any service answers the same question as a stream's. A watch
knows its place and what it told already, so a change that comes again is told once. What cannot be repeated with success
(a credential that ended, a permission that is missing) is raised; everything else is tried again, after a pause that
grows and is never the same for two watchers.
"""

from collections.abc import Iterator
from typing import Any

import httpx

from llm_config_client import calls, sockets
from llm_config_client.address import Server
from llm_config_client.core import Answer, Headers, Received, read_answer
from llm_config_client.errors import ClientFault, Unreachable
from llm_config_client.event_stream import MEDIA_TYPE, EventStream, ServerEvent
from llm_config_client.retries import Request, Retries
from llm_config_client.sockets import Socket
from llm_config_contract.configs import Changes
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, Refusal

LIMIT = 1000
WAIT_SECONDS = 20
SILENCE_SECONDS = 45.0
"""A connection that stays open has a heartbeat every 15 seconds: after three of them nobody is there."""
SILENCE_AT_A_GATEWAY = 150.0
"""Where sockets have an address of their own, a heartbeat comes every minute."""
HANDSHAKE_SECONDS = 10.0
"""Something on the way may swallow handshakes and say nothing."""
LONGEST_PAUSE_SECONDS = 30.0
PATIENCE_SECONDS = 600.0
"""For how long a watch that was answered once is not answered before it gives up."""
NEVER_CONNECTED = (httpx.ConnectError, httpx.ConnectTimeout)

Heard = list[Answer[Changes] | None]
"""None: a sign of life, and nothing new."""


class Watch:
    """One place in the feed that moves on, without IO. `token` is where: what was told before it is done with."""

    def __init__(self, server: Server, retries: Retries, namespace: str, since: str, environment: str | None) -> None:
        self.token = since
        self._server, self._retries = server, retries
        self._namespace, self._environment = namespace, environment
        self._told: dict[str, int] = {}
        self._channel: EventStream | Socket = EventStream()
        self._tries_sockets = sockets.are_there()
        self._failures, self._wanted_pause = 0, 0.0
        self._heard_at: float | None = None

    def request(self) -> Request:
        """What to send now: a handshake, or the question itself. Whoever cannot stream answers that as a long poll."""
        self._wanted_pause = 0.0
        if self._tries_sockets:
            self._channel = Socket()
            address = self._server.watch_url or self._server.url + sockets.PATH
            return self._sent("GET", address, self._channel.handshake(), HANDSHAKE_SECONDS)
        self._channel, asked = EventStream(), self._asked()
        accept = {"accept": f"{MEDIA_TYPE}, application/json;q=0.9"}
        return self._sent(asked.method, self._server.url + asked.target, {**asked.headers, **accept}, SILENCE_SECONDS)

    def connected(self, status: int, headers: Headers) -> Socket | None:
        """The socket, when this is the answer to its handshake; it is told first what to watch."""
        if not isinstance(self._channel, Socket) or not self._channel.is_open(status, headers):
            return None
        only = {"environment": self._environment} if self._environment else {}
        self._channel.say({"action": "subscribe", "namespace": self._namespace, "since": self.token, **only})
        return self._channel

    @property
    def is_shaking_hands(self) -> bool:
        """What was sent last is no question yet, so that an answer which opens no socket tells nothing."""
        return isinstance(self._channel, Socket)

    @property
    def silence_seconds(self) -> float:
        """After so long without a message on a socket nobody is there."""
        return SILENCE_AT_A_GATEWAY if self._server.watch_url else SILENCE_SECONDS

    def _sent(self, method: str, url: str, headers: Headers, seconds: float) -> Request:
        told = {**headers, **self._server.credential()}
        return Request(method, url, told, None, self._retries.connect_seconds, seconds)

    def whole(self, received: Received) -> Heard:
        """What an answer that is no stream tells. Raises the refusal that it is."""
        return self._heard(read_answer(self._asked(), received))

    def read(self, chunk: bytes) -> Iterator[Answer[Changes] | None]:
        """What the next part of a stream or socket tells, one after the other. Raises the refusal that it ends with;
        UnreadableAnswer, at once, for what it cannot be."""
        return self._each(self._channel.read(chunk))

    def _each(self, events: list[ServerEvent]) -> Iterator[Answer[Changes] | None]:
        for event in events:
            yield from self._event(event)
        self.token = self._channel.place or self.token

    def pause(self, error: Refusal | ClientFault | None) -> float:
        """The seconds to wait before the next request; `error` is what the last one came to. Raises it when another
        would not help, or nobody answered for too long."""
        self._judge_sockets(error)
        if error is not None and not self._may_pass(error):
            raise error
        self._failures += error is not None
        asked_for = getattr(error, "retry_after", None) or max(self._wanted_pause, self._channel.retry_seconds)
        if error is None and not asked_for:
            return 0.0
        grown = min(self._retries.base_seconds * 2**self._failures, LONGEST_PAUSE_SECONDS)
        return float(asked_for) + self._retries.uniform(0, grown)

    def _judge_sockets(self, error: Refusal | ClientFault | None) -> None:
        """Where nothing was ever heard on one, none is tried again: something on the way may not let them through."""
        if isinstance(error, Unreachable) and isinstance(error.__cause__, NEVER_CONNECTED):
            return
        if isinstance(self._channel, Socket) and not self._channel.heard:
            self._tries_sockets = False

    def _may_pass(self, error: Refusal | ClientFault) -> bool:
        if not (isinstance(error, Unreachable) or getattr(error, "retryable", False)):
            return False
        if self._heard_at is None:
            return self._failures + 1 < self._retries.attempts
        return self._retries.monotonic() - self._heard_at < PATIENCE_SECONDS

    def _asked(self) -> Any:
        return calls.changes(
            self._namespace,
            self.token,
            environment=self._environment,
            wait=WAIT_SECONDS,
            limit=LIMIT,
            on_gap="tell",
        )

    def _event(self, event: ServerEvent) -> Heard:
        self._failures, self._heard_at = 0, self._retries.monotonic()
        if not event.kind:
            return [None]
        received = Received(_status(event), {}, event.data.encode())
        return self._heard(read_answer(self._asked(), received))

    def _heard(self, answer: Answer[Changes]) -> Heard:
        """`answer` without what was told before; None when nothing is left of it."""
        page = answer.body
        self._failures, self._heard_at = 0, self._retries.monotonic()
        self._wanted_pause = float(page.retry_after or 0)
        self.token = page.next
        if page.gap is not None:
            self._told.clear()
        moved = any(revision > self._told.get(namespace, 0) for namespace, revision in page.reached.items())
        new = [change.revision > self._told.get(change.namespace, 0) for change in page.changes]
        for change in page.changes:
            self._told[change.namespace] = max(change.revision, self._told.get(change.namespace, 0))
        for namespace, revision in page.reached.items():
            self._told[namespace] = max(revision, self._told.get(namespace, 0))
        if not (any(new) or moved or page.gap):
            return [None]
        return [answer if all(new) else _part(answer, new)]


def _part(answer: Answer[Changes], kept: list[bool]) -> Answer[Changes]:
    document = answer.document
    document["changes"] = [one for one, keep in zip(document["changes"], kept, strict=True) if keep]
    changes = [one for one, keep in zip(answer.body.changes, kept, strict=True) if keep]
    body = answer.body.model_copy(update={"changes": changes})
    return Answer(body, json_text.write(document), answer.headers)


def _status(event: ServerEvent) -> int:
    """Of a problem that ends a stream its own; everything else is an answer, or is found to be none when it is read."""
    try:
        told = json_text.read(event.data) if event.kind == "end" else None
    except Malformed:
        return 200
    status = told.get("status", 200) if isinstance(told, dict) else 200
    return status if type(status) is int else 200
