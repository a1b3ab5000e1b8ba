"""Moving a watch's bytes: what it asks for goes out, and what comes back is what it tells, over every break."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, suppress
from typing import Any

import httpcore
import httpx

from llm_config_client.core import Answer, Headers, Received
from llm_config_client.errors import ClientFault, Unreachable
from llm_config_client.event_stream import MEDIA_TYPE
from llm_config_client.retries import Request
from llm_config_client.sockets import Socket
from llm_config_client.watching import SILENCE_SECONDS, Watch
from llm_config_contract.configs import Changes
from llm_config_domain.errors import Refusal

Unreached = Callable[[httpx.RequestError], Unreachable]
Move = Callable[[Request], dict[str, Any]]
Tell = Callable[[Answer[Changes] | None], Any]
PART = 64 * 1024
FAREWELL_SECONDS = 1.0
GONE = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)


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
            if socket := watch.connected(response.status_code, _headers(response)):
                yield from _talk(response.extensions["network_stream"], socket, watch)
            else:
                yield from _told(response, watch)
    except httpx.RequestError as error:
        raise unreached(error) from error


def _told(response: httpx.Response, watch: Watch) -> Iterator[Answer[Changes] | None]:
    if watch.is_shaking_hands:
        return
    if not _is_stream(response):
        yield from watch.whole(Received(response.status_code, _headers(response), response.read()))
        return
    for chunk in response.iter_bytes():
        yield from watch.read(chunk)


def _talk(stream: Any, socket: Socket, watch: Watch) -> Iterator[Answer[Changes] | None]:
    """Until the service ends it; `stream` is httpcore's. What is owed (a pong) goes before the program gets its page."""
    try:
        _write(stream, socket.owed())
        while not socket.is_closed and (part := _part(stream, watch.silence_seconds)):
            told = watch.read(part)
            _write(stream, socket.owed())
            yield from told
    finally:
        _write(stream, socket.farewell(), FAREWELL_SECONDS)


def _part(stream: Any, seconds: float) -> bytes:
    try:
        return bytes(stream.read(PART, seconds))
    except GONE as error:
        raise _broken(error) from error


def _write(stream: Any, owed: bytes, seconds: float = SILENCE_SECONDS) -> None:
    """Who takes nothing any more is found out by reading."""
    with suppress(*GONE):
        if owed:
            stream.write(owed, seconds)


def _broken(error: Exception) -> httpx.RequestError:
    """As httpx tells it, which does not translate what an upgraded connection came to."""
    return (httpx.ReadTimeout if isinstance(error, httpcore.TimeoutException) else httpx.ReadError)(
        "the connection broke"
    )


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
            if socket := watch.connected(response.status_code, _headers(response)):
                telling = _talk_later(response.extensions["network_stream"], socket, watch)
            else:
                telling = _later_told(response, watch)
            async with aclosing(telling):
                async for answer in telling:
                    yield answer
    except httpx.RequestError as error:
        raise unreached(error) from error


async def _later_told(response: httpx.Response, watch: Watch) -> AsyncGenerator[Answer[Changes] | None, None]:
    if watch.is_shaking_hands:
        return
    if not _is_stream(response):
        for answer in watch.whole(Received(response.status_code, _headers(response), await response.aread())):
            yield answer
        return
    async for chunk in response.aiter_bytes():
        for answer in watch.read(chunk):
            yield answer


async def _talk_later(stream: Any, socket: Socket, watch: Watch) -> AsyncGenerator[Answer[Changes] | None, None]:
    try:
        await _write_later(stream, socket.owed())
        while not socket.is_closed and (part := await _later_part(stream, watch.silence_seconds)):
            told = watch.read(part)
            await _write_later(stream, socket.owed())
            for answer in told:
                yield answer
    finally:
        await _write_later(stream, socket.farewell(), FAREWELL_SECONDS)


async def _later_part(stream: Any, seconds: float) -> bytes:
    try:
        return bytes(await stream.read(PART, seconds))
    except GONE as error:
        raise _broken(error) from error


async def _write_later(stream: Any, owed: bytes, seconds: float = SILENCE_SECONDS) -> None:
    with suppress(*GONE):
        if owed:
            await stream.write(owed, seconds)
