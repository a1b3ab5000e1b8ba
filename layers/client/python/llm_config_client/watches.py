"""Watching the feed: as a stream where the service gives one, by long polls where it does not, over every break.

A watch knows its place and what it told already, so a change that comes again is told once. What cannot be repeated with
success (a credential that ended, a permission that is missing) is raised; everything else is tried again, after a pause
that grows and is never the same for two watchers.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx

from llm_config_client import calls
from llm_config_client.address import Server
from llm_config_client.core import Answer, Headers, Received, read_answer
from llm_config_client.errors import ClientFault, Unreachable
from llm_config_client.event_stream import MEDIA_TYPE, EventStream, ServerEvent
from llm_config_client.retries import Request, Retries
from llm_config_contract.configs import Changes
from llm_config_domain import json_text
from llm_config_domain.errors import Malformed, Refusal

LIMIT = 1000
WAIT_SECONDS = 20
SILENCE_SECONDS = 45.0
"""A stream has a heartbeat every 15 seconds: after three of them nobody is there."""
LONGEST_PAUSE_SECONDS = 30.0
PATIENCE_SECONDS = 600.0
"""For how long a watch that was answered once is not answered before it gives up."""


Heard = list[Answer[Changes] | None]
"""None: a sign of life, and nothing new."""
Tell = Callable[[Answer[Changes] | None], Any]


class Watch:
    """One place in the feed that moves on, without IO. `token` is where: what was told before it is done with."""

    def __init__(self, server: Server, retries: Retries, namespace: str, since: str, environment: str | None) -> None:
        self.token = since
        self._server, self._retries = server, retries
        self._namespace, self._environment = namespace, environment
        self._told: dict[str, int] = {}
        self._stream = EventStream()
        self._failures, self._wanted_pause = 0, 0.0
        self._heard_at: float | None = None

    def request(self) -> Request:
        """What to send now. Whoever cannot stream answers the same question as a long poll."""
        self._stream, self._wanted_pause = EventStream(), 0.0
        asked = self._asked()
        accept = {"accept": f"{MEDIA_TYPE}, application/json;q=0.9", **self._server.credential()}
        return Request(
            asked.method,
            self._server.url + asked.target,
            {**asked.headers, **accept},
            None,
            self._retries.connect_seconds,
            SILENCE_SECONDS,
        )

    def whole(self, received: Received) -> Heard:
        """What an answer that is no stream tells. Raises the refusal that it is."""
        return self._heard(read_answer(self._asked(), received))

    def read(self, chunk: bytes) -> Iterator[Answer[Changes] | None]:
        """What the next part of a stream tells, one after the other. Raises the refusal that it ends with."""
        for event in self._stream.read(chunk):
            yield from self._event(event)
        self.token = self._stream.place or self.token

    def pause(self, error: Refusal | ClientFault | None) -> float:
        """The seconds to wait before the next request; `error` is what the last one came to. Raises it when another
        would not help, or nobody answered for too long."""
        if error is not None and not self._may_pass(error):
            raise error
        self._failures += error is not None
        asked_for = getattr(error, "retry_after", None) or max(self._wanted_pause, self._stream.retry_seconds)
        if error is None and not asked_for:
            return 0.0
        grown = min(self._retries.base_seconds * 2**self._failures, LONGEST_PAUSE_SECONDS)
        return float(asked_for) + self._retries.uniform(0, grown)

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


Unreached = Callable[[httpx.RequestError], Unreachable]
Move = Callable[[Request], dict[str, Any]]


def _is_stream(response: httpx.Response) -> bool:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return response.status_code == 200 and kind == MEDIA_TYPE


def _headers(response: httpx.Response) -> Headers:
    return {name.lower(): value for name, value in response.headers.items()}


def answers(
    http: httpx.Client, watch: Watch, sleep: Callable[[float], object], move: Move, unreached: Unreached, tell: Tell
) -> Iterator[Answer[Changes]]:
    """Everything that the watch is told, without end. `tell` hears of it when whoever asks is done with it."""
    while True:
        failed: Refusal | ClientFault | None = None
        try:
            for answer in _exchange(http, watch, move, unreached):
                if answer is not None:
                    yield answer
                tell(answer)
        except (Refusal, ClientFault) as error:
            failed = error
        if pause := watch.pause(failed):
            sleep(pause)


def _exchange(http: httpx.Client, watch: Watch, move: Move, unreached: Unreached) -> Iterator[Answer[Changes] | None]:
    try:
        with http.stream(**move(watch.request())) as response:
            if not _is_stream(response):
                yield from watch.whole(Received(response.status_code, _headers(response), response.read()))
                return
            for chunk in response.iter_bytes():
                yield from watch.read(chunk)
    except httpx.RequestError as error:
        raise unreached(error) from error


async def later_answers(
    http: httpx.AsyncClient,
    watch: Watch,
    sleep: Callable[[float], Any],
    move: Move,
    unreached: Unreached,
    tell: Tell,
) -> AsyncIterator[Answer[Changes]]:
    """The same for asyncio."""
    while True:
        failed: Refusal | ClientFault | None = None
        try:
            async for answer in _later_exchange(http, watch, move, unreached):
                if answer is not None:
                    yield answer
                await tell(answer)
        except (Refusal, ClientFault) as error:
            failed = error
        if pause := watch.pause(failed):
            await sleep(pause)


async def _later_exchange(
    http: httpx.AsyncClient, watch: Watch, move: Move, unreached: Unreached
) -> AsyncIterator[Answer[Changes] | None]:
    try:
        async with http.stream(**move(watch.request())) as response:
            if not _is_stream(response):
                for answer in watch.whole(Received(response.status_code, _headers(response), await response.aread())):
                    yield answer
                return
            async for chunk in response.aiter_bytes():
                for answer in watch.read(chunk):
                    yield answer
    except httpx.RequestError as error:
        raise unreached(error) from error
