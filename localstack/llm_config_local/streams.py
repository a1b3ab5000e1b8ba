"""A feed as server-sent events (HTML Living Standard, section 9.2): the same questions, asked by the front itself.

Each event is an answer of the operation, and its id is that answer's `next`: a client that comes back with it as
Last-Event-ID misses nothing. The front never looks into the store; each question is a request of its own, so a credential
that ends, ends the stream. Nothing is sent ahead: the next question waits until the client took the last answer.
"""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from ulid import ULID

from llm_config.operations.operation import Operation
from llm_config_local.waiting import GONE, Event, Handler, answered, answered_or_ended, http_response

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_SECONDS = 15
"""An answer without a change is a heartbeat; and as often the credential is checked anew."""
RETRY_MILLISECONDS = 1000


def wanted(request: Request, operation: Operation) -> bool:
    accepted = request.headers.get("accept", "")
    kinds = [media_range.partition(";")[0].strip().lower() for media_range in accepted.split(",")]
    return operation.streams and MEDIA_TYPE in kinds


async def response(request: Request, handler: Handler, event: Event) -> Response:
    """A stream without end, or the problem that the first question came to."""
    place = request.headers.get("last-event-id")
    first = await answered(request, handler, _question(event, place, wait=0))
    if first["statusCode"] != 200:
        return http_response(first)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    headers["X-Request-Id"] = first["headers"]["X-Request-Id"]
    return StreamingResponse(_stream(request, handler, event, first), media_type=MEDIA_TYPE, headers=headers)


async def _stream(request: Request, handler: Handler, event: Event, reply: Event) -> AsyncIterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    ended, place = False, None
    while reply is not GONE:
        if reply["statusCode"] != 200:
            yield _told("end", reply["body"])
            return
        page = json.loads(reply["body"])
        yield _page(page, reply["body"], is_news=page["next"] != place)
        place = page["next"]
        if "retry_after" in page:
            yield f"retry: {page['retry_after'] * 1000}\n" + _told("end", reply["body"])
            return
        if ended:
            return
        question = _question(event, page["next"], wait=HEARTBEAT_SECONDS)
        reply, ended = await answered_or_ended(request, handler, question)


def _question(event: Event, place: str | None, *, wait: int) -> dict[str, Any]:
    """The client's own request, from `place` on, as the handler takes it."""
    query = {**event.get("queryStringParameters", {}), "wait": str(wait), "on_gap": "tell"}
    if place:
        query["since"] = place
    context = {**event["requestContext"], "requestId": str(ULID())}
    headers = {**event["headers"], "accept": "application/json"}
    return {**event, "headers": headers, "queryStringParameters": query, "requestContext": context}


def _page(page: Mapping[str, Any], text: str, *, is_news: bool) -> str:
    """An answer that tells nothing new is no event to its client."""
    place = f"id: {page['next']}\n"
    if "gap" in page:
        return place + _told("gap", text)
    if is_news:
        return place + _told("changes", text)
    return f"{place}: heartbeat\n\n"


def _told(kind: str, text: str) -> str:
    """`text` is JSON, which has no line breaks."""
    return f"event: {kind}\ndata: {text}\n\n"
