"""The memory of configs for asyncio: tasks that meet at one config, what they are told, and what is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from llm_config_client import AsyncClient, AsyncConfigCache
from llm_config_client.errors import Unreachable
from llm_config_domain.errors import Malformed, NotFound, Unavailable
from tests.unit.client.answering import TOKEN, URL, refused, still
from tests.unit.client.test_cache import NOT_MODIFIED, Clock, told


class Service:
    """Gives each request its next answer once `open` is set."""

    def __init__(self, *answers: httpx.Response | httpx.RequestError) -> None:
        self._answers = list(answers)
        self.requests: list[httpx.Request] = []
        self.asked, self.open = asyncio.Event(), asyncio.Event()
        self.open.set()
        self.clock = Clock()
        transport = httpx.MockTransport(self._answer)
        self.client = AsyncClient(URL, TOKEN, transport=transport, retries=still(attempts=1))
        self.cache = AsyncConfigCache(self.client, monotonic=self.clock)

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._answers.pop(0)
        self.asked.set()
        await self.open.wait()
        if isinstance(answer, httpx.RequestError):
            raise answer
        return answer

    async def look(self) -> Any:
        return await self.cache.get("gateway/primary", "production")

    async def crowd(self, count: int = 20) -> list["asyncio.Task[Any]"]:
        """Tasks that all wait for the same answer."""
        self.open.clear()
        looks = [asyncio.ensure_future(self.look()) for _ in range(count)]
        await self.asked.wait()
        return looks


def run(story: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(story(), 30))


def test_tasks_that_miss_together_ask_once() -> None:
    async def story() -> None:
        service = Service(told(1))
        looks = await service.crowd()
        service.open.set()
        assert set(await asyncio.gather(*looks)) == {1}
        assert (await service.look(), len(service.requests)) == (1, 1)

    run(story)


def test_a_failure_is_told_to_all_who_wait_and_is_not_kept() -> None:
    async def story() -> None:
        service = Service(refused(Unavailable("later")), told(2))
        looks = await service.crowd()
        service.open.set()
        outcomes = await asyncio.gather(*looks, return_exceptions=True)
        assert {type(outcome) for outcome in outcomes} == {Unavailable}
        assert (await service.look(), len(service.requests)) == (2, 2)

    run(story)


def test_who_gives_up_takes_the_answer_from_nobody() -> None:
    async def story() -> None:
        service = Service(told(1))
        first, second, *_ = await service.crowd(2)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        service.open.set()
        assert (await second, len(service.requests)) == (1, 1)

    run(story)


def test_what_was_asked_before_everything_was_forgotten_is_neither_taken_nor_kept() -> None:
    async def story() -> None:
        service = Service(told("old"), told("new", revision=2))
        looks = await service.crowd(1)
        service.cache.forget()
        later = asyncio.ensure_future(service.look())
        service.open.set()
        assert (await looks[0], await later, await service.look()) == ("old", "new", "new")

    run(story)


def test_where_nothing_is_believed_unasked_who_waits_shares_the_next_answer() -> None:
    async def story() -> None:
        service = Service(told("old"), told("new", revision=2))
        service.cache = AsyncConfigCache(service.client, monotonic=service.clock, bound_seconds=0)
        looks = await service.crowd(1)
        later = [asyncio.ensure_future(service.look()) for _ in range(9)]
        await asyncio.sleep(0)
        service.open.set()
        assert (await looks[0], set(await asyncio.gather(*later)), len(service.requests)) == ("old", {"new"}, 2)

    run(story)


def test_it_asks_as_the_threads_cache_does() -> None:
    async def story() -> None:
        service = Service(told(1, revision=5), NOT_MODIFIED, refused(Malformed("behind")), told(0, revision=2),
                          httpx.ConnectError("down"), refused(NotFound("gone")))  # fmt: skip
        seen = []
        for _ in range(4):
            seen.append(await service.cache.held("gateway/primary", "production"))
            assert await service.look() == 1
            service.clock.at += 6
        assert [(held.value, held.stale) for held in seen] == [(1, False)] * 3 + [(1, True)]
        with pytest.raises(NotFound):
            await service.look()
        assert service.requests[1].headers["if-none-match"] == '"5"'

    run(story)


def test_what_nobody_ever_answered_is_raised() -> None:
    async def story() -> None:
        service = Service(httpx.ConnectError("down"))
        with pytest.raises(Unreachable):
            await service.look()

    run(story)
