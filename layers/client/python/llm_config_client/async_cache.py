"""The same memory of configs for asyncio.

Tasks that want the same config at the same moment ask for it once. Who gives up waiting takes the answer from nobody: the
question goes on for the others.
"""

import asyncio

from llm_config_client.async_client import AsyncClient
from llm_config_client.held_configs import Asking, HeldConfig, HeldConfigs, Kept, Key
from llm_config_domain.json_text import Json


class AsyncConfigCache(HeldConfigs[AsyncClient]):
    """For the tasks of one event loop."""

    async def get(self, path: str, environment: str) -> Json:
        """The value, frozen: objects are read-only mappings, arrays are tuples. Raises what `AsyncClient.resolve` raises."""
        kept = self._kept.get((path, environment))
        if kept is not None and self._monotonic() < kept.ask_at:
            return kept.value
        return (await self._renewed((path, environment))).value

    async def held(self, path: str, environment: str) -> HeldConfig:
        """The same, with its version, its revision and how far it may be believed."""
        kept = self._kept.get((path, environment))
        fresh = kept is not None and self._is_fresh(kept)
        return self._told(kept if kept is not None and fresh else await self._renewed((path, environment)))

    def forget(self) -> None:
        super().forget()
        self._flying: dict[Key, asyncio.Task[Kept]] = {}

    async def _renewed(self, key: Key) -> Kept:
        """As `Flights.ask`: an answer whose question began before this call is taken while it is fresh."""
        earlier = self._flying.get(key)
        if earlier is not None and self._is_fresh(told := await asyncio.shield(earlier)):
            return told
        later = self._flying.get(key)
        return await asyncio.shield(self._flight(key) if later is None or later is earlier else later)

    def _flight(self, key: Key) -> "asyncio.Task[Kept]":
        flying = self._flying
        task = flying[key] = asyncio.ensure_future(self._moved(self._asking(key)))
        task.add_done_callback(lambda landed: _landed(flying, key, landed))
        return task

    async def _moved(self, asking: Asking) -> Kept:
        try:
            call = next(asking)
            while True:
                try:
                    answer = await self._client.send(call)
                except Exception as failure:  # the question is asked what it makes of it
                    call = asking.throw(failure)
                else:
                    call = asking.send(answer)
        except StopIteration as done:
            kept: Kept = done.value
            return kept


def _landed(flying: dict[Key, "asyncio.Task[Kept]"], key: Key, task: "asyncio.Task[Kept]") -> None:
    """Who gave up waiting will not look at what it raised."""
    if flying.get(key) is task:
        del flying[key]
    if not task.cancelled():
        task.exception()
