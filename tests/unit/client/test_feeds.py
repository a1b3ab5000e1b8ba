"""Following the feed: in order, from a token to the next, and not in a hurry when nothing happens."""

import asyncio
from itertools import islice
from typing import Any

import pytest

from llm_config_domain.errors import Unavailable
from tests.unit.client.answering import Answering, answered, refused


def page(token: str, *keys: str) -> Any:
    named = {"change_type": "update", "namespace": "app", "environment": "edge", "version": 1, "revision": 1}
    return answered(
        {"changes": [{**named, "key": key, "at": "2026-01-01T00:00:00.000Z"} for key in keys], "next": token}
    )


def test_each_page_is_asked_for_with_the_token_of_the_one_before() -> None:
    server = Answering(page("t1", "a", "b"), page("t2", "c"))
    told = list(islice(server.client().follow("app", "t0", environment="edge"), 2))
    assert [[change.key for change in one.changes] for one in told] == [["a", "b"], ["c"]]
    assert [request.url.params["since"] for request in server.requests] == ["t0", "t1"]
    assert {request.url.params["environment"] for request in server.requests} == {"edge"}
    assert server.pauses == []


def test_it_waits_while_nothing_changes_and_yields_no_empty_page() -> None:
    server = Answering(page("t1"), page("t1"), page("t1"), page("t2", "a"))
    [told] = islice(server.client().follow("app", interval=3.0), 1)
    assert told.next == "t2"
    assert server.pauses == [0.1, 3.0, 3.0]
    assert server.requests[0].url.params["since"] == "0"


def test_what_the_service_waited_is_not_waited_again() -> None:
    server = Answering(page("t1"), page("t2", "a"))
    next(server.client(monotonic=lambda: 20.0 * len(server.requests)).follow("app", "t1"))
    assert server.pauses == []


def test_a_failure_is_raised_and_the_last_token_goes_on_from_there() -> None:
    server = Answering(page("t1", "a"), refused(Unavailable()), page("t2", "b"))
    following = server.client(attempts=1).follow("app")
    token = next(following).next
    with pytest.raises(Unavailable):
        next(following)
    assert next(server.client().follow("app", token)).changes[0].key == "b"
    assert server.requests[-1].url.params["since"] == "t1"


def test_the_async_client_follows_too() -> None:
    async def follow() -> list[str]:
        server = Answering(page("t1", "a"), page("t1"), page("t2", "b"))
        found: list[str] = []
        async with server.async_client() as client:
            async for told in client.follow("app"):
                found += [change.key for change in told.changes]
                if len(found) == 2:
                    return [*found, str(server.pauses)]
        return found

    assert asyncio.run(follow()) == ["a", "b", "[2.0]"]
