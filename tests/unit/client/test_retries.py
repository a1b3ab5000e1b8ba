"""When the client tries again, and when it must not."""

import asyncio

import httpx
import pytest

from llm_config_client import Unreachable
from llm_config_domain.errors import InProgress, NotFound, Unavailable
from tests.unit.client.answering import CONFIG, WHOAMI, Answering, Outcome, answered, refused

AWAY = httpx.ConnectError("refused")
BUSY = refused(Unavailable(retry_after=2))


def test_a_write_that_is_tried_again_carries_the_same_key() -> None:
    server = Answering(AWAY, BUSY, answered(CONFIG, 201))
    server.client().put_config("app/database", 1, environment="production")
    assert [request.headers["idempotency-key"] for request in server.requests] == ["key-0"] * 3


def test_two_writes_have_two_keys() -> None:
    server = Answering(answered(CONFIG, 201))
    client = server.client()
    client.put_config("app/database", 1, environment="production")
    client.put_config("app/database", 1, environment="production")
    assert [request.headers["idempotency-key"] for request in server.requests] == ["key-0", "key-1"]


def test_a_read_carries_no_key() -> None:
    server = Answering(answered(WHOAMI))
    server.client().whoami()
    assert "idempotency-key" not in server.requests[0].headers


def test_the_pause_is_what_the_service_asks_for_and_jitter_that_doubles() -> None:
    server = Answering(AWAY, BUSY, answered(WHOAMI))
    server.client(base_seconds=0.5).whoami()
    assert server.pauses == [1.0, 4.0]


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        pytest.param(AWAY, Unreachable, id="nobody listens"),
        pytest.param(httpx.ReadTimeout("late"), Unreachable, id="no answer in time"),
        pytest.param(httpx.RemoteProtocolError("cut"), Unreachable, id="the connection broke"),
        pytest.param(BUSY, Unavailable, id="unavailable"),
        pytest.param(refused(InProgress()), InProgress, id="the first attempt still runs"),
    ],
)
def test_what_passes_is_tried_three_times_and_then_told(outcome: Outcome, expected: type[Exception]) -> None:
    server = Answering(outcome)
    with pytest.raises(expected):
        server.client().put_config("app/database", 1, environment="production")
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    "outcome",
    [
        pytest.param(refused(NotFound()), id="a refusal"),
        pytest.param(httpx.Response(503), id="a 503 that does not say when to come back"),
        pytest.param(httpx.Response(500, content=b"{}"), id="a server that broke"),
    ],
)
def test_what_does_not_pass_is_told_at_once(outcome: Outcome) -> None:
    server = Answering(outcome)
    with pytest.raises(Exception):  # noqa: B017 (which one is the matter of other tests)
        server.client().whoami()
    assert len(server.requests) == 1


def test_no_attempt_begins_after_the_deadline() -> None:
    server = Answering(refused(Unavailable(retry_after=60)))
    with pytest.raises(Unavailable):
        server.client(deadline_seconds=30.0).whoami()
    assert len(server.requests) == 1


def test_an_attempt_gets_no_more_time_than_is_left() -> None:
    moments = iter([0.0, 28.0])
    server = Answering(answered(WHOAMI))
    server.client(monotonic=lambda: next(moments), deadline_seconds=30.0).whoami()
    assert server.requests[0].extensions["timeout"] == {"connect": 2.0, "read": 2.0, "write": 2.0, "pool": 2.0}


def test_what_the_driver_says_is_not_passed_on() -> None:
    server = Answering(httpx.LocalProtocolError("Illegal header value b'Bearer canary'"))
    with pytest.raises(Unreachable) as raised:
        server.client().whoami()
    assert "canary" not in str(raised.value)
    assert "https://config.example did not answer" in str(raised.value)


def test_the_async_client_does_the_same() -> None:
    server = Answering(AWAY, BUSY, answered(CONFIG, 201))

    async def put() -> int:
        async with server.async_client() as client:
            return (await client.put_config("app/database", 1, environment="production")).version

    assert asyncio.run(put()) == 3
    assert [request.headers["idempotency-key"] for request in server.requests] == ["key-0"] * 3
    assert len(server.pauses) == 2


def test_the_async_client_raises_the_same() -> None:
    async def ask() -> None:
        async with Answering(AWAY).async_client() as client:
            await client.whoami()

    with pytest.raises(Unreachable):
        asyncio.run(ask())
