"""A feed step by step: the same questions one after the other, asked by the front itself for who keeps a connection open.

The front never looks into the store: each step is a request of its own, so a credential that ends, ends the feed. Nothing
is asked ahead: the next question waits until the last answer was taken.
"""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal

from ulid import ULID

from llm_config_local.waiting import GONE, Event, Handler, Left, answered_or_ended

HEARTBEAT_SECONDS = 15
"""An answer without a change is a heartbeat; and as often the credential is checked anew."""
TOO_MANY = 429


@dataclass(frozen=True, slots=True)
class Told:
    """One thing to tell. `text` is the JSON of an answer or, with a `status` that is no 200, of a problem; `place` is the
    answer's `next`, and nothing at the end of a feed that came to a problem."""

    kind: Literal["changes", "gap", "heartbeat", "end"]
    text: str
    place: str = ""
    status: int = 200
    retry_after: int | None = None


async def steps(left: Left, handler: Handler, event: Event, reply: Event) -> AsyncIterator[Told]:
    """What `reply`, the answer to the first question, and all after it tell, until the client left or the home stops."""
    ended, place = False, None
    while reply is not GONE:
        if reply["statusCode"] != 200:
            yield Told("end", reply["body"], status=reply["statusCode"])
            return
        page = json.loads(reply["body"])
        is_news, place = page["next"] != place, page["next"]
        kind: Any = "gap" if "gap" in page else "changes" if is_news else "heartbeat"
        yield Told(kind, reply["body"], place)
        if "retry_after" in page:
            yield Told("end", reply["body"], place, TOO_MANY, page["retry_after"])
            return
        if ended:
            return
        reply, ended = await answered_or_ended(left, handler, question(event, place, wait=HEARTBEAT_SECONDS))


def question(event: Event, place: str | None, *, wait: int) -> dict[str, Any]:
    """The client's own request, from `place` on, as the handler takes it."""
    query = {**event.get("queryStringParameters", {}), "wait": str(wait), "on_gap": "tell"}
    if place:
        query["since"] = place
    context = {**event["requestContext"], "requestId": str(ULID())}
    headers = {**event["headers"], "accept": "application/json", "accept-encoding": "identity"}
    return {**event, "headers": headers, "queryStringParameters": query, "requestContext": context}
