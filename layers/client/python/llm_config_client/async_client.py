"""The same client for asyncio."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel

from llm_config_client import watches
from llm_config_client.address import DEFAULT_URL, from_environment
from llm_config_client.core import Answer, Call, Received
from llm_config_client.errors import ClientFault, Unreachable
from llm_config_client.feeds import Feed
from llm_config_client.namespaces import Gathering
from llm_config_client.pages import Pages
from llm_config_client.retries import Attempts, Request, Retries
from llm_config_client.transport import Common, moved, received
from llm_config_contract.configs import Changes
from llm_config_contract.resolved import ResolvedNamespace
from llm_config_domain.errors import Refusal

T = TypeVar("T", bound=BaseModel)
INTERVAL = 2.0


class AsyncClient(Common):
    """The same for asyncio: the same methods, awaited. Closed as an async context manager or by `aclose`."""

    def __init__(
        self,
        url: str = DEFAULT_URL,
        token: str | None = None,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        retries: Retries | None = None,
        danger_allow_plain_http: bool = False,
        watch_url: str = "",
    ) -> None:
        super().__init__(url, token, retries, danger_allow_plain_http, watch_url)
        self._sleep = sleep
        self._http = httpx.AsyncClient(transport=transport, **self._http_options())

    @classmethod
    def from_environment(cls) -> Self:
        """LLM_CONFIG_URL (this machine's port 8080 when unset), LLM_CONFIG_TOKEN and LLM_CONFIG_WATCH_URL."""
        server = from_environment(os.environ)
        danger = server.danger_allow_plain_http
        return cls(server.url, server.token, danger_allow_plain_http=danger, watch_url=server.watch_url)

    async def send(self, call: Call[T]) -> Answer[T]:
        """The answer to any `Call`, with its text and headers."""
        attempts = Attempts(call, self._server, self._retries)
        while isinstance(judged := attempts.judge(await self._move(attempts.request())), float):
            await self._sleep(judged)
        return judged

    async def every(self, build: Callable[..., Call[Any]], **query: Any) -> AsyncIterator[Any]:
        """Each item of a listing, page after page: `every(calls.list_configs, namespace="team/*")`.

        A page that does not come is raised: what was yielded until then is not the whole.
        """
        pages = Pages(build, query)
        while (asked := pages.next()) is not None:
            for item in pages.items((await self.send(asked)).body):
                yield item

    async def resolve_namespace(self, namespace: str, *, environment: str) -> ResolvedNamespace:
        """Every key of a namespace along the environment chain, all at one revision.

        Raises DamagedListing unless the keys are exactly those that the service counted: a part is never given.
        """
        gathering = Gathering(namespace, environment)
        while (asked := gathering.next()) is not None:
            gathering.add(await self.send(asked))
        return gathering.whole()

    async def follow(
        self, namespace: str = "*", since: str = "0", *, environment: str | None = None, interval: float = INTERVAL
    ) -> AsyncIterator[Changes]:
        """What changes, from `since` on and without end: each page that holds something, in order, nothing left out.

        Keep `page.next` when the page is done with: it is the `since` of the next run. `interval`: seconds between
        two questions while nothing changes. What a question comes to is raised; follow again from the last token.
        """
        feed = Feed(namespace, since, environment, interval, self._retries.monotonic)
        while True:
            page = (await self.send(feed.next())).body
            pause = feed.hear(page)
            if page.changes:
                yield page
            elif pause:
                await self._sleep(pause)

    async def watch(
        self,
        namespace: str = "*",
        since: str = "0",
        *,
        environment: str | None = None,
        service: str | None = None,
        instance: str | None = None,
    ) -> AsyncIterator[Changes]:
        """What changes, from `since` on and without end, the moment that it does: in order, each once, nothing left out.

        By WebSocket, stream or long poll, whichever is answered first in this order, and over breaks of the connection.
        Keep `page.next` when the page is done with: it is the `since` of the next run. A page with `gap` says that the
        place is not in the feed any more: drop what you hold, and take what it and the pages after it tell. Raises what
        another try would not change, or when nobody answers for ten minutes.

        `service`: the fleet's view is told what this program holds (`get_fleet`), a page once the next one is asked for;
        `instance` is its id there, host and process when left out.
        """
        async for answer in self.watch_answers(
            namespace, since, environment=environment, service=service, instance=instance
        ):
            if answer.body.changes or answer.body.gap:
                yield answer.body

    def watch_answers(
        self,
        namespace: str = "*",
        since: str = "0",
        *,
        environment: str | None = None,
        service: str | None = None,
        instance: str | None = None,
    ) -> AsyncIterator[Answer[Changes]]:
        """The same with each answer's text, and also the answers that only tell how far the feed was `reached`."""
        watch = self._watch(namespace, since, environment)
        reporter = self._reporter(service, instance, environment)

        async def tell(answer: Answer[Changes] | None) -> None:
            for report in reporter.heard(answer) if reporter else ():
                with suppress(Refusal, ClientFault):  # the next one tells the same
                    await self.send(report)

        return watches.later_answers(self._http, watch, self._sleep, moved, self._unreached, tell)

    async def _move(self, request: Request) -> Received | Unreachable:
        try:
            response = await self._http.request(**moved(request))
        except httpx.RequestError as error:
            return self._unreached(error)
        return received(response)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
