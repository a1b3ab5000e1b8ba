"""WebSockets of a served home, over real connections: its own SDK, and clients that behave badly."""

import asyncio
import json
import logging
from itertools import islice
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from llm_config_client import AsyncClient, Client
from llm_config_contract.watching import MAX_MESSAGE_BYTES
from llm_config_local.sockets import PATH
from tests.support.processes import Served, served

PATIENCE_SECONDS = 60


def put(home: Served, token: str, key: str) -> None:
    with home.client(token) as client:
        assert client.put(f"/api/v1/configs/app/{key}?environment=edge", json={"value": key}).status_code == 201


def opened(home: Served, token: str) -> ClientConnection:
    return connect(
        home.url.replace("http", "ws", 1) + PATH, additional_headers={"Authorization": f"Bearer {token}"}, proxy=None
    )


def closed_with(socket: ClientConnection) -> int:
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            socket.recv(PATIENCE_SECONDS)
    assert closed.value.rcvd is not None
    return closed.value.rcvd.code


@pytest.fixture
def token(running: Served) -> str:
    return running.token(running.tenant("sockets"), "operator")


@pytest.fixture
def asked(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """What the SDK asks for, as httpx logs it."""
    caplog.set_level(logging.INFO, logger="httpx")
    return caplog


def test_the_sdk_watches_by_socket_and_goes_on_over_a_restart(tmp_path: Path, asked: pytest.LogCaptureFixture) -> None:
    with served(tmp_path / "home") as home:
        token = home.token(home.tenant("acme"), "operator")
        put(home, token, "one")
        with Client(home.url, token) as client:
            watching = client.watch("app")
            assert [change.key for change in next(watching).changes] == ["one"]
            put(home, token, "two")
            page = next(watching)
            assert [change.key for change in page.changes] == ["two"]
        assert home.stop() == 0
        home.start()
        put(home, token, "three")
        with Client(home.url, token) as again:
            (page,) = islice(again.watch("app", page.next), 1)
            assert [change.key for change in page.changes] == ["three"]
    assert PATH in asked.text and "/changes" not in asked.text


def test_the_async_sdk_watches_by_socket_too(running: Served, asked: pytest.LogCaptureFixture) -> None:
    token = running.token(running.tenant("later"), "operator")
    put(running, token, "one")

    async def scene() -> list[str]:
        found: list[str] = []
        async with AsyncClient(running.url, token) as client:
            async for page in client.watch("app"):
                found += [change.key for change in page.changes]
                if len(found) == 2:
                    break
                await asyncio.to_thread(put, running, token, "two")
        return found

    assert asyncio.run(scene()) == ["one", "two"]
    assert PATH in asked.text and "/changes" not in asked.text


def test_a_message_that_is_too_large_closes_the_connection(running: Served, token: str) -> None:
    with opened(running, token) as socket:
        socket.send("x" * (MAX_MESSAGE_BYTES + 1))
        assert closed_with(socket) == 1009


def test_a_message_that_subscribes_to_nothing_is_told_why(running: Served, token: str) -> None:
    with opened(running, token) as socket:
        socket.send("{}")
        told = json.loads(socket.recv(PATIENCE_SECONDS))
        assert (told["event"], told["data"]["kind"], closed_with(socket)) == ("end", "malformed", 4400)


def test_who_has_no_credential_is_told_by_a_problem(running: Served) -> None:
    with pytest.raises(InvalidStatus) as refused:
        opened(running, "x")
    answer = refused.value.response
    assert (answer.status_code, json.loads(answer.body or b"{}")["kind"]) == (401, "unauthenticated")
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_home_that_is_told_to_stop_closes_its_sockets(tmp_path: Path) -> None:
    with served(tmp_path / "home") as home, opened(home, home.token(home.tenant("acme"), "operator")) as socket:
        socket.send(json.dumps({"action": "subscribe"}))
        socket.recv(PATIENCE_SECONDS)
        status = home.stop()
        assert (status, closed_with(socket)) in {(0, 1001), (0, 1012)}


def test_at_every_level_of_the_log_neither_credential_nor_value_stands_in_it(tmp_path: Path) -> None:
    with Served(tmp_path / "home", environment={"LOG_LEVEL": "DEBUG"}).start() as home:
        token = home.token(home.tenant("acme"), "operator")
        put(home, token, "canary-of-a-value")
        with opened(home, token) as socket:
            socket.send(json.dumps({"action": "subscribe"}))
            assert "canary-of-a-value" in str(socket.recv(PATIENCE_SECONDS))
        home.stop()
        log = home.log.read_text()
        assert token not in log and "canary-of-a-value" not in log
