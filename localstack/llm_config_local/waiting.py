"""Requests that have no answer yet wait here, in the event loop: none of the front's threads is held meanwhile.

A handler that waits gives its thread back (`Parked`) and is asked again when it is woken. Each time it is the same
request from its beginning, credential and all; what it came to is recorded once, when there is an answer.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from llm_config_local.adapters.change_signal import PARKING, Parked, Parking

Event = Mapping[str, Any]
Handler = Callable[[Event, Any], dict[str, Any]]
Left = Callable[[], Awaitable[object]]
"""Returns when nobody is there any more to read an answer; asked again, it says so again."""
GONE: Event = {"statusCode": 499, "body": ""}
"""Nobody is there to read it: a status that is never sent."""


async def answered(left: Left, handler: Handler, event: Event) -> Event:
    """What `handler` answers to `event`, however long it waits for it; GONE when the client went away meanwhile."""
    return (await answered_or_ended(left, handler, event))[0]


async def answered_or_ended(left: Left, handler: Handler, event: Event) -> tuple[Event, bool]:
    """The same, and whether the home stops, so that nobody need ask again."""
    loop, woken = asyncio.get_running_loop(), asyncio.Event()
    parking = Parking(lambda: _tell(loop, woken))
    before = PARKING.set(parking)
    try:
        while True:
            woken.clear()
            try:
                return await run_in_threadpool(handler, event, None), parking.ended
            except Parked:
                if not await _woken(left, woken, parking):
                    return GONE, False
    finally:
        parking.leave()
        PARKING.reset(before)


def http_response(result: Event) -> Response:
    body = result.get("body") or ""
    content = base64.b64decode(body) if result.get("isBase64Encoded") else body
    return Response(content, status_code=result["statusCode"], headers=result.get("headers"))


def _tell(loop: asyncio.AbstractEventLoop, woken: asyncio.Event) -> None:
    with suppress(RuntimeError):  # the loop is closed: so is the connection
        loop.call_soon_threadsafe(woken.set)


async def _woken(left: Left, woken: asyncio.Event, parking: Parking) -> bool:
    """Until it is woken or its time is over; False when the client went away."""
    waiting, leaving = asyncio.ensure_future(woken.wait()), asyncio.ensure_future(left())
    try:
        await asyncio.wait({waiting, leaving}, timeout=parking.left, return_when=asyncio.FIRST_COMPLETED)
        return not leaving.done()
    finally:
        parking.leave()
        for task in (waiting, leaving):
            task.cancel()


def left_by(request: Request) -> Left:
    async def left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    return left
