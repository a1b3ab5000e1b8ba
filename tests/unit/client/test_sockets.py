"""Watching over a WebSocket: preferred where it is answered, left where it is not, each change once over every break."""

import asyncio
import json
import logging
from itertools import islice
from typing import Any

import httpcore
import httpx
import pytest
from websockets.frames import Frame, Opcode

from llm_config_client import sockets
from llm_config_client.errors import Unreachable, UnreadableAnswer
from llm_config_contract.watching import Subscribe
from llm_config_domain.errors import PermissionDenied, Unauthenticated
from tests.unit.client.answering import TOKEN, answered, refused
from tests.unit.client.talking import PING, Line, Talking
from tests.unit.client.test_watches import document, event, places, revisions, stream


def subscriptions(*lines: Line) -> list[Any]:
    """The `since` of what each line was subscribed with."""
    said = [json.loads(line.heard()[0][1]) for line in lines]
    return [Subscribe.model_validate(one).since for one in said]


def test_the_handshake_carries_the_credential_in_its_header_alone_and_then_it_subscribes() -> None:
    line = Line(("changes", document("t1", 1)), ("changes", document("t2", 2)))
    server = Talking([line])
    told = list(islice(server.client().watch("app/*", "t0", environment="edge"), 2))
    assert revisions(told) == [[1], [2]]
    (handshake,) = server.handshakes
    assert (str(handshake.url), handshake.headers["authorization"]) == (
        "https://config.example/api/v1/watch", f"Bearer {TOKEN}",
    )  # fmt: skip
    assert (handshake.headers["connection"], handshake.headers["upgrade"]) == ("Upgrade", "websocket")
    said = json.loads(line.heard()[0][1])
    assert said == {"action": "subscribe", "namespace": "app/*", "since": "t0", "environment": "edge"}
    assert Subscribe.model_validate(said) and server.requests == []


def test_sockets_that_have_an_address_of_their_own_are_opened_there_and_waited_for_longer() -> None:
    line = Line(("changes", document("t1", 1)))
    server = Talking([line])
    client = server.client(watch_url="wss://w1.execute-api.eu-central-1.amazonaws.com/v1/")
    assert revisions(list(islice(client.watch("app"), 1))) == [[1]]
    (handshake,) = server.handshakes
    assert str(handshake.url) == "https://w1.execute-api.eu-central-1.amazonaws.com/v1"
    assert handshake.headers["authorization"] == f"Bearer {TOKEN}"
    assert client._watch("app", "0", None).silence_seconds == 150
    assert server.client()._watch("app", "0", None).silence_seconds == 45


def test_over_a_break_it_goes_on_from_its_place_and_tells_nothing_twice() -> None:
    first = Line(("changes", document("t1", 1)), httpcore.ReadError("gone"))
    second = Line(("changes", document("t2", 1, 2)))
    server = Talking([first, httpx.ConnectError("no"), second])
    assert revisions(list(islice(server.client().watch("app"), 2))) == [[1], [2]]
    assert subscriptions(first, second) == ["0", "t1"]
    assert server.pauses == [1.4, 0.8], "a pause that grows"


def test_a_heartbeat_moves_the_place_and_is_no_page() -> None:
    first = Line(("changes", document("t1", 1)), ("heartbeat", {"next": "t9"}), 1001)
    second = Line(("notice", "of a newer service"), ("changes", document("t10", 2)))
    server = Talking([first, second])
    assert revisions(list(islice(server.client().watch("app"), 2))) == [[1], [2]]
    assert subscriptions(first, second) == ["0", "t9"]


def test_a_gap_is_told() -> None:
    gap = document("u1", 1, gap={"reason": "gone"})
    server = Talking([Line(("changes", document("t5", 5)), ("gap", gap))])
    first, second = islice(server.client().watch("app"), 2)
    assert (first.gap, second.gap is not None, revisions([second])) == (None, True, [[1]])


@pytest.mark.parametrize("kind", [Unauthenticated, PermissionDenied])
def test_the_problem_that_ends_it_is_raised(kind: type[Any]) -> None:
    server = Talking([Line(("changes", document("t1", 1)), ("end", refused(kind()).json()), 4401)])
    watching = server.client().watch("app")
    next(watching)
    with pytest.raises(kind):
        next(watching)


def test_too_many_watchers_come_again_when_they_are_told() -> None:
    full = {"changes": [], "next": "t1", "retry_after": 5}
    server = Talking([Line(("end", full), 4429), Line(("changes", document("t2", 2)))])
    assert revisions(list(islice(server.client().watch("app"), 1))) == [[2]]
    assert server.pauses == [5.2]


def test_a_ping_is_answered_and_who_stops_watching_says_farewell() -> None:
    line = Line(PING, ("changes", document("t1", 1)), ("changes", document("t2", 2)))
    watching = Talking([line]).client().watch("app")
    next(watching)
    watching.close()  # type: ignore[attr-defined]
    assert [kind for kind, _ in line.heard()] == ["TEXT", "PONG", "CLOSE"]


def test_a_message_in_parts_is_one() -> None:
    text = json.dumps({"event": "changes", "data": document("t1", 1)}).encode()
    parts = Frame(Opcode.TEXT, text[:9], fin=False), PING, Frame(Opcode.CONT, text[9:])
    assert revisions(list(islice(Talking([Line(*parts)]).client().watch("app"), 1))) == [[1]]


def test_numbers_are_told_to_the_digit() -> None:
    text = json.dumps({"event": "changes", "data": document("t1", 1)}).replace("null", "[1.10, 12345678901234567890]")
    line = Line(Frame(Opcode.TEXT, text.encode()))
    answer = next(Talking([line]).client().watch_answers("app"))
    assert "1.10" in answer.text and "12345678901234567890" in answer.text


class TestElse:
    """Where there is no socket to be had."""

    def test_a_service_that_does_not_know_them_is_asked_for_a_stream_at_once(self) -> None:
        server = Talking([], stream(event(document("t1", 1))), answered(document("t2", 2)))
        assert revisions(list(islice(server.client().watch("app"), 2))) == [[1], [2]]
        assert server.pauses == [1.2]

    def test_without_the_library_none_is_tried(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sockets, "are_there", lambda: False)
        server = Talking([Line()], stream(event(document("t1", 1))))
        assert revisions(list(islice(server.client().watch("app"), 1))) == [[1]]
        assert server.handshakes == []

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param(Line(), id="ended"),
            pytest.param(Line(httpcore.ReadError("gone")), id="broken"),
            pytest.param(httpx.ReadTimeout("silence"), id="a handshake that nobody answered"),
        ],
    )
    def test_one_on_which_nothing_was_heard_is_the_last(self, line: Any) -> None:
        server = Talking([line, Line()], answered(document("t1", 1)))
        assert revisions(list(islice(server.client().watch("app"), 1))) == [[1]]
        assert (len(server.handshakes), places(server)) == (1, ["0"])

    def test_a_server_that_did_not_read_the_handshake_is_not_talked_to(self) -> None:
        wrong = httpx.Response(101, headers={"sec-websocket-accept": "x"})
        server = Talking([wrong], answered(document("t1", 1)))
        assert revisions(list(islice(server.client().watch("app"), 1))) == [[1]]

    def test_a_service_that_is_not_there_is_tried_by_socket_again(self) -> None:
        server = Talking([httpx.ConnectError("no"), Line(("changes", document("t1", 1)))])
        assert revisions(list(islice(server.client().watch("app"), 1))) == [[1]]
        assert len(server.handshakes) == 2


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"\xff\xff\xff", id="no frames"),
        pytest.param(Frame(Opcode.TEXT, b"[]"), id="no message"),
        pytest.param(Frame(Opcode.TEXT, b"{"), id="no JSON"),
        pytest.param(Frame(Opcode.BINARY, b"\xff"), id="no text"),
        pytest.param(("changes", {}), id="no answer"),
    ],
)
def test_what_is_not_this_apis_is_unreadable(said: Any) -> None:
    watching = Talking([Line(("changes", document("t1", 1)), said)]).client().watch("app")
    next(watching)
    with pytest.raises(UnreadableAnswer):
        next(watching)


def test_silence_is_a_break() -> None:
    first = Line(("changes", document("t1", 1)), httpcore.ReadTimeout("silence"))
    server = Talking([first], httpx.ConnectError("no"))
    watching = server.client(monotonic=lambda: 60.0 * len(server.requests)).watch("app")
    next(watching)
    with pytest.raises(Unreachable):
        next(watching)


def test_the_async_client_watches_by_socket_too() -> None:
    async def watch() -> list[list[int]]:
        first = Line(PING, ("changes", document("t1", 1)), httpcore.ReadError("gone"))
        second = Line(("changes", document("t2", 1, 2)), 1001)
        server = Talking([first, second], answered(document("t3", 3)), later=True)
        found = []
        async with server.async_client() as client:
            async for page in client.watch("app"):
                found.append(page)
                if len(found) == 3:
                    break
        assert subscriptions(second) == ["t1"]
        assert [kind for kind, _ in first.heard()][:2] == ["TEXT", "PONG"]
        return revisions(found)

    assert asyncio.run(watch()) == [[1], [2], [3]]


def test_neither_credential_nor_value_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    told = document("t1", 1)
    told["changes"][0]["value"] = "value-canary"
    list(islice(Talking([Line(("changes", told))]).client().watch("app"), 1))
    assert TOKEN not in caplog.text and "value-canary" not in caplog.text
