"""Watching: by stream or by long poll, over every break, each change once."""

import asyncio
import json
from itertools import islice
from typing import Any

import httpx
import pytest

from llm_config_client.errors import Unreachable, UnreadableAnswer
from llm_config_client.event_stream import MAX_EVENT_BYTES, EventStream
from llm_config_contract.configs import Changes
from llm_config_domain.errors import PermissionDenied, Unauthenticated, Unavailable
from llm_config_domain.json_text import Json
from tests.unit.client.answering import Answering, answered, refused

BROKEN = httpx.ReadError("gone")


def change(revision: int, namespace: str = "app", value: Json = None) -> dict[str, Any]:
    return {
        "change_type": "update", "namespace": namespace, "key": "a", "environment": "edge", "version": 1,
        "revision": revision, "at": "2026-01-01T00:00:00.000Z", "value": value,
    }  # fmt: skip


def document(token: str, *revisions: int, **more: Any) -> dict[str, Any]:
    reached = {"reached": {"app": revisions[-1]}} if revisions else {}
    return {"changes": [change(revision) for revision in revisions], "next": token, **reached, **more}


def event(told: Any, kind: str = "changes") -> str:
    return f"id: {told['next']}\nevent: {kind}\ndata: {json.dumps(told)}\n\n"


def end(problem: httpx.Response) -> str:
    return f"event: end\ndata: {problem.text}\n\n"


def stream(*events: str) -> httpx.Response:
    text = "retry: 1000\n\n" + "".join(events)
    return httpx.Response(200, headers={"content-type": "text/event-stream; charset=utf-8"}, content=text.encode())


def revisions(pages: list[Changes]) -> list[list[int]]:
    return [[one.revision for one in page.changes] for page in pages]


def places(server: Answering) -> list[str]:
    return [request.url.params["since"] for request in server.requests]


def test_a_stream_is_read_event_by_event_and_goes_on_from_its_last_place() -> None:
    heartbeat = "id: t9\n: heartbeat\n\n"
    server = Answering(
        stream(event(document("t1", 1)), event(document("t2", 2, 3)), heartbeat), stream(event(document("t10", 4)))
    )
    told = list(islice(server.client().watch("app", "t0", environment="edge"), 3))
    assert revisions(told) == [[1], [2, 3], [4]]
    assert places(server) == ["t0", "t9"]
    first = server.requests[0]
    assert first.headers["accept"] == "text/event-stream, application/json;q=0.9"
    assert (first.url.params["wait"], first.url.params["on_gap"], first.url.params["environment"]) == (
        "20",
        "tell",
        "edge",
    )
    assert server.pauses == [1.2], "what the service asked for, and a jitter on top"


def test_a_service_without_streams_answers_the_same_question_as_a_long_poll() -> None:
    server = Answering(answered(document("t1", 1)), answered(document("t1")), answered(document("t2", 2)))
    assert revisions(list(islice(server.client().watch("app"), 2))) == [[1], [2]]
    assert (places(server), server.pauses) == (["0", "t1", "t1"], [])


def test_what_comes_again_is_told_once() -> None:
    server = Answering(
        stream(event(document("t2", 1, 2)), event(document("t3", 2, 3))), answered(document("t4", 1, 2, 3, 4))
    )
    watching = server.client().watch_answers("app")
    told = list(islice(watching, 3))
    assert revisions([answer.body for answer in told]) == [[1, 2], [3], [4]]
    assert [one["revision"] for one in told[2].document["changes"]] == [4], "its text tells the same"


def test_of_another_namespace_the_same_revision_is_news() -> None:
    first, second = document("t1", 1), {"changes": [change(1, "other")], "next": "t2", "reached": {"other": 1}}
    told = list(islice(Answering(answered(first), answered(second)).client().watch("*"), 2))
    assert [page.changes[0].namespace for page in told] == ["app", "other"]


def test_what_was_passed_over_is_no_page_but_its_place_is_kept() -> None:
    passed = {"changes": [], "next": "t7", "reached": {"app": 7}}
    server = Answering(answered(passed), answered(document("t8", 8)))
    assert revisions(list(islice(server.client().watch("app"), 1))) == [[8]]
    assert places(server) == ["0", "t7"]


def test_a_gap_is_told_and_what_follows_it_is_news_again() -> None:
    gap = document("u2", 1, 2, gap={"reason": "gone"})
    server = Answering(stream(event(document("t5", 5)), event(gap, "gap")))
    told = list(islice(server.client().watch("app"), 2))
    assert (revisions(told), told[0].gap, told[1].gap is not None) == ([[5], [1, 2]], None, True)


def test_a_break_is_gone_over_after_a_pause_that_grows() -> None:
    server = Answering(stream(event(document("t1", 1))), BROKEN, refused(Unavailable()), answered(document("t2", 2)))
    assert revisions(list(islice(server.client().watch("app"), 2))) == [[1], [2]]
    assert places(server) == ["0", "t1", "t1", "t1"]
    assert server.pauses == [1.2, 0.4, 1 + 0.8]


def test_what_came_before_the_end_of_a_stream_in_the_same_moment_is_not_lost() -> None:
    server = Answering(stream(event(document("t1", 1)), end(refused(Unauthenticated()))))
    watching = server.client().watch("app")
    assert next(watching).changes[0].revision == 1
    with pytest.raises(Unauthenticated):
        next(watching)


@pytest.mark.parametrize("kind", [PermissionDenied, Unauthenticated])
def test_what_another_try_would_not_change_is_raised(kind: type[Exception]) -> None:
    server = Answering(refused(kind()))  # type: ignore[arg-type]
    with pytest.raises(kind):
        next(server.client().watch("app"))
    assert len(server.requests) == 1


def test_a_service_that_never_answered_is_given_up_soon() -> None:
    server = Answering(httpx.ConnectError("no"))
    with pytest.raises(Unreachable):
        next(server.client(attempts=3).watch("app"))
    assert len(server.requests) == 3


def test_one_that_answered_once_is_waited_for_ten_minutes() -> None:
    server = Answering(stream(event(document("t1", 1))), BROKEN)
    watching = server.client(monotonic=lambda: 60.0 * len(server.requests)).watch("app")
    next(watching)
    with pytest.raises(Unreachable):
        next(watching)
    assert len(server.requests) == 11
    assert max(server.pauses) == 30.0, "no pause is longer"


def test_too_many_watchers_come_again_when_they_are_told() -> None:
    full = {"changes": [], "next": "t1", "retry_after": 5}
    server = Answering(answered(full), stream(event(full, "end")), answered(document("t2", 2)))
    assert revisions(list(islice(server.client().watch("app"), 1))) == [[2]]
    assert server.pauses == [5.2, 5.2]


def test_the_async_client_watches_too() -> None:
    async def watch() -> tuple[list[list[int]], list[str]]:
        server = Answering(stream(event(document("t1", 1))), BROKEN, answered(document("t2", 1, 2)))
        found: list[Changes] = []
        async with server.async_client() as client:
            async for page in client.watch("app"):
                found.append(page)
                if len(found) == 2:
                    break
        return revisions(found), places(server)

    assert asyncio.run(watch()) == ([[1], [2]], ["0", "t1", "t1"])


def test_an_event_that_comes_in_pieces_is_whole() -> None:
    reading, text = (
        EventStream(),
        "retry: 10\r\nevent: x\r\nid: ä\r\ndata: one\u2028two\r\ndata: three\r\n\r\n: c\n\ndata\n\n",
    )
    told = [one for byte in text.encode() for one in reading.read(bytes([byte]))]
    assert [(one.kind, one.data) for one in told] == [("x", "one\u2028two\nthree"), ("", ""), ("message", "")]
    assert (reading.place, reading.retry_seconds) == ("ä", 0.01)


@pytest.mark.parametrize("text", [b"\xff\n", b"x" * (MAX_EVENT_BYTES + 1)], ids=["no text", "no end"])
def test_what_is_no_stream_is_said_to_be_none(text: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        EventStream().read(text)


@pytest.mark.parametrize("told", ["[]", '{"status": "x"}', "{"])
def test_an_end_that_says_nothing_is_unreadable(told: str) -> None:
    with pytest.raises(UnreadableAnswer):
        next(Answering(stream(f"event: end\ndata: {told}\n\n")).client().watch("app"))
