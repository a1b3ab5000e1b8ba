"""A feed as server-sent events (HTML Living Standard, section 9.2).

Each event is an answer of the operation, and its id is that answer's `next`: a client that comes back with it as
Last-Event-ID misses nothing.
"""

from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from llm_config.operations.operation import Operation
from llm_config_local.steps import Told, question, steps
from llm_config_local.waiting import Event, Handler, answered, http_response, left_by

MEDIA_TYPE = "text/event-stream"
RETRY_MILLISECONDS = 1000


def wanted(request: Request, operation: Operation) -> bool:
    accepted = request.headers.get("accept", "")
    kinds = [media_range.partition(";")[0].strip().lower() for media_range in accepted.split(",")]
    return operation.streams and MEDIA_TYPE in kinds


async def response(request: Request, handler: Handler, event: Event) -> Response:
    """A stream without end, or the problem that the first question came to."""
    place = request.headers.get("last-event-id")
    first = await answered(left_by(request), handler, question(event, place, wait=0))
    if first["statusCode"] != 200:
        return http_response(first)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    headers["X-Request-Id"] = first["headers"]["X-Request-Id"]
    return StreamingResponse(_stream(request, handler, event, first), media_type=MEDIA_TYPE, headers=headers)


async def _stream(request: Request, handler: Handler, event: Event, first: Event) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    async for told in steps(left_by(request), handler, event, first):
        yield _written(told)


def _written(told: Told) -> str:
    """An answer that tells nothing new is no event to its client. `text` is JSON, which has no line breaks."""
    place = f"id: {told.place}\n" if told.place and told.kind != "end" else ""
    if told.kind == "heartbeat":
        return f"{place}: heartbeat\n\n"
    pause = f"retry: {told.retry_after * 1000}\n" if told.retry_after else ""
    return f"{place}{pause}event: {told.kind}\ndata: {told.text}\n\n"
