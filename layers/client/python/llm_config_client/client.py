"""The two clients. They move bytes; what the bytes are is decided in `core`, `calls` and `retries`."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel

from llm_config_client import watches
from llm_config_client.address import DEFAULT_URL, Server, from_environment
from llm_config_client.core import Answer, Call, Received
from llm_config_client.errors import Unreachable
from llm_config_client.feeds import Feed
from llm_config_client.methods import Methods
from llm_config_client.namespaces import Gathering
from llm_config_client.pages import Pages
from llm_config_client.retries import Attempts, Request, Retries
from llm_config_client.watches import Watch
from llm_config_contract.configs import Changes
from llm_config_contract.resolved import ResolvedNamespace

T = TypeVar("T", bound=BaseModel)
INTERVAL = 2.0


class _Common(Methods):
    def __init__(
        self,
        url: str,
        token: str | None,
        retries: Retries | None,
        danger_allow_plain_http: bool,  # noqa: FBT001 (both clients take it by keyword only)
    ) -> None:
        self._server = Server(url, token, danger_allow_plain_http)
        self._retries = retries or Retries()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._server.url!r})"

    def _watch(self, namespace: str, since: str, environment: str | None) -> Watch:
        return Watch(self._server, self._retries, namespace, since, environment)

    def _unreached(self, error: httpx.RequestError) -> Unreachable:
        return _unreachable(error, self._server.url)

    def _http_options(self) -> dict[str, Any]:
        # A proxy named by the environment is asked for https only: of plain http, even to this machine, it would
        # see everything.
        return {"follow_redirects": False, "trust_env": not self._server.is_plain}


class Client(_Common):
    """A client for threads. Raises the classes of `llm_config_domain.errors` and of `llm_config_client.errors`.

    Closed as a context manager or by `close`. `sleep` takes seconds; `transport` is httpx's, for tests.
    """

    def __init__(
        self,
        url: str = DEFAULT_URL,
        token: str | None = None,
        *,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], object] = time.sleep,
        retries: Retries | None = None,
        danger_allow_plain_http: bool = False,
    ) -> None:
        super().__init__(url, token, retries, danger_allow_plain_http)
        self._sleep = sleep
        self._http = httpx.Client(transport=transport, **self._http_options())

    @classmethod
    def from_environment(cls) -> Self:
        """LLM_CONFIG_URL (this machine's port 8080 when unset) and LLM_CONFIG_TOKEN."""
        server = from_environment(os.environ)
        return cls(server.url, server.token, danger_allow_plain_http=server.danger_allow_plain_http)

    def send(self, call: Call[T]) -> Answer[T]:
        """The answer to any `Call`, with its text and headers."""
        attempts = Attempts(call, self._server, self._retries)
        while isinstance(judged := attempts.judge(self._move(attempts.request())), float):
            self._sleep(judged)
        return judged

    def every(self, build: Callable[..., Call[Any]], **query: Any) -> Iterator[Any]:
        """Each item of a listing, page after page: `every(calls.list_configs, namespace="team/*")`.

        A page that does not come is raised: what was yielded until then is not the whole.
        """
        pages = Pages(build, query)
        while (asked := pages.next()) is not None:
            yield from pages.items(self.send(asked).body)

    def resolve_namespace(self, namespace: str, *, environment: str) -> ResolvedNamespace:
        """Every key of a namespace along the environment chain, all at one revision.

        Raises DamagedListing unless the keys are exactly those that the service counted: a part is never given.
        """
        gathering = Gathering(namespace, environment)
        while (asked := gathering.next()) is not None:
            gathering.add(self.send(asked))
        return gathering.whole()

    def follow(
        self, namespace: str = "*", since: str = "0", *, environment: str | None = None, interval: float = INTERVAL
    ) -> Iterator[Changes]:
        """What changes, from `since` on and without end: each page that holds something, in order, nothing left out.

        Keep `page.next` when the page is done with: it is the `since` of the next run. `interval`: seconds between
        two questions while nothing changes. What a question comes to is raised; follow again from the last token.
        """
        feed = Feed(namespace, since, environment, interval, self._retries.monotonic)
        while True:
            page = self.send(feed.next()).body
            pause = feed.hear(page)
            if page.changes:
                yield page
            elif pause:
                self._sleep(pause)

    def watch(self, namespace: str = "*", since: str = "0", *, environment: str | None = None) -> Iterator[Changes]:
        """What changes, from `since` on and without end, the moment that it does: in order, each once, nothing left out.

        Goes on over breaks of the connection. Keep `page.next` when the page is done with: it is the `since` of the next
        run. A page with `gap` says that the place is not in the feed any more: drop what you hold, and take what it and
        the pages after it tell. Raises what another try would not change, or when nobody answers for ten minutes.
        """
        for answer in self.watch_answers(namespace, since, environment=environment):
            if answer.body.changes or answer.body.gap:
                yield answer.body

    def watch_answers(
        self, namespace: str = "*", since: str = "0", *, environment: str | None = None
    ) -> Iterator[Answer[Changes]]:
        """The same with each answer's text, and also the answers that only tell how far the feed was `reached`."""
        watch = self._watch(namespace, since, environment)
        return watches.answers(self._http, watch, self._sleep, _moved, self._unreached)

    def _move(self, request: Request) -> Received | Unreachable:
        try:
            response = self._http.request(**_moved(request))
        except httpx.RequestError as error:
            return self._unreached(error)
        return _received(response)

    def close(self) -> None:
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(_Common):
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
    ) -> None:
        super().__init__(url, token, retries, danger_allow_plain_http)
        self._sleep = sleep
        self._http = httpx.AsyncClient(transport=transport, **self._http_options())

    @classmethod
    def from_environment(cls) -> Self:
        """LLM_CONFIG_URL (this machine's port 8080 when unset) and LLM_CONFIG_TOKEN."""
        server = from_environment(os.environ)
        return cls(server.url, server.token, danger_allow_plain_http=server.danger_allow_plain_http)

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
        self, namespace: str = "*", since: str = "0", *, environment: str | None = None
    ) -> AsyncIterator[Changes]:
        """What changes, from `since` on and without end, the moment that it does: in order, each once, nothing left out.

        Goes on over breaks of the connection. Keep `page.next` when the page is done with: it is the `since` of the next
        run. A page with `gap` says that the place is not in the feed any more: drop what you hold, and take what it and
        the pages after it tell. Raises what another try would not change, or when nobody answers for ten minutes.
        """
        async for answer in self.watch_answers(namespace, since, environment=environment):
            if answer.body.changes or answer.body.gap:
                yield answer.body

    def watch_answers(
        self, namespace: str = "*", since: str = "0", *, environment: str | None = None
    ) -> AsyncIterator[Answer[Changes]]:
        """The same with each answer's text, and also the answers that only tell how far the feed was `reached`."""
        watch = self._watch(namespace, since, environment)
        return watches.later_answers(self._http, watch, self._sleep, _moved, self._unreached)

    async def _move(self, request: Request) -> Received | Unreachable:
        try:
            response = await self._http.request(**_moved(request))
        except httpx.RequestError as error:
            return self._unreached(error)
        return _received(response)

    async def aclose(self) -> None:
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()


def _moved(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "url": request.url,
        "headers": dict(request.headers),
        "content": request.content,
        "timeout": httpx.Timeout(request.seconds, connect=request.connect_seconds),
    }


def _received(response: httpx.Response) -> Received:
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Received(response.status_code, headers, response.content)


_REASONS: tuple[tuple[type[httpx.RequestError], str], ...] = (
    (httpx.ConnectTimeout, "no connection in time"),
    (httpx.ConnectError, "no connection could be made"),
    (httpx.ProxyError, "the proxy did not let the request through"),
    (httpx.TimeoutException, "no answer in time"),
)


def _unreachable(error: httpx.RequestError, url: str) -> Unreachable:
    """The driver's own text is not passed on: it can quote a header."""
    reason = next((text for kind, text in _REASONS if isinstance(error, kind)), "the connection broke")
    unreachable = Unreachable(f"{url} did not answer: {reason}")
    unreachable.__cause__ = error
    return unreachable
