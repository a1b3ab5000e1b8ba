"""The feed over WebSockets: who is let in, what is told, and how each of them ends."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from llm_config.runtime import wiring
from llm_config_domain.names import TenantId
from llm_config_local import sockets, steps
from llm_config_local.adapters.faulty import Fault, Faults, Kind
from llm_config_local.front import application
from llm_config_local.places import Places
from llm_config_local.sockets import PATH
from tests.support.clocks import SteppedClock
from tests.support.connections import SocketConnection, run
from tests.support.everyday import put
from tests.support.homes import EmbeddedKit, embedded

MOST, MOST_OF_A_TENANT = 3, 2


@dataclass(frozen=True)
class Home:
    kit: EmbeddedKit
    app: Starlette
    acme: TenantId
    token: str
    places: Places

    @property
    def waiting(self) -> int:
        return self.kit.family.change_signal.waiting

    def connect(self, token: str | None = None, url: str = PATH) -> SocketConnection:
        return SocketConnection(self.app, url, {"authorization": f"Bearer {token or self.token}"})

    async def watch(self, namespace: str = "a", **told: Any) -> SocketConnection:
        socket = await self.connect().accepted()
        socket.subscribe(namespace=namespace, **told)
        return socket

    async def put(self, path: str, value: Any = 1) -> None:
        await asyncio.to_thread(put, self.kit, self.token, path, value)

    async def until(self, happened: Callable[[], bool]) -> None:
        while not happened():
            await asyncio.sleep(0.001)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with embedded(tmp_path / "home") as kit:
        wiring.use(kit.factories)
        acme, places = kit.tenant("acme"), Places(MOST, MOST_OF_A_TENANT)
        app = application(lambda: {"keys": [kit.family.tokens.jwk()]}, "http://127.0.0.1:1", places=places)
        yield Home(kit, app, acme, kit.token(acme, "tenant-admin"), places)


def keys(page: Any) -> list[str]:
    return [change["key"] for change in page["changes"]]


class TestFeed:
    def test_a_change_is_a_message_with_the_place_after_it(self, home: Home) -> None:
        async def scene() -> None:
            await home.put("a/one")
            socket = await home.watch()
            event, first = await socket.message()
            assert (event, keys(first)) == ("changes", ["one"])
            await home.put("a/two")
            event, second = await socket.message()
            assert (event, keys(second), second["reached"]) == ("changes", ["two"], {"a": 2})
            await socket.leave()

        run(scene)

    def test_who_comes_back_with_its_place_misses_nothing_and_hears_nothing_twice(self, home: Home) -> None:
        async def scene() -> None:
            await home.put("a/one")
            socket = await home.watch()
            place = (await socket.message())[1]["next"]
            await socket.leave()
            await home.put("a/two")
            again = await home.watch(since=place)
            assert keys((await again.message())[1]) == ["two"]
            await again.leave()

        run(scene)

    def test_what_it_says_is_what_the_route_answers_to_the_digit(self, home: Home) -> None:
        async def scene() -> None:
            raw = b'{"value": [1.10, 12345678901234567890]}'
            url = "/api/v1/configs/a/one?environment=production"
            assert (await asyncio.to_thread(home.kit.call, "PUT", url, token=home.token, raw=raw)).status == 201
            answer = await asyncio.to_thread(home.kit.call, "GET", "/api/v1/changes?namespace=a", token=home.token)
            socket = await home.watch()
            assert await socket.text() == f'{{"event":"changes","data":{answer.text}}}'
            assert "[1.10,12345678901234567890]" in answer.text.replace(" ", "")
            await socket.leave()

        run(scene)

    def test_only_what_was_subscribed_to_is_told(self, home: Home) -> None:
        async def scene() -> None:
            socket = await home.watch("a/*", environment="prod")
            await socket.message()
            await home.put("b/elsewhere")
            await asyncio.to_thread(put, home.kit, home.token, "a/b/one", 1, environment="edge")
            await home.put("a/b/two")
            told: list[str] = []
            while "two" not in told:
                told += keys((await socket.message())[1])
            assert told == ["two"]
            await socket.leave()

        run(scene)

    def test_a_place_that_is_not_there_is_a_gap_with_the_feed_from_its_beginning(self, home: Home) -> None:
        async def scene() -> None:
            await home.put("a/one")
            socket = await home.watch(since="9")
            event, page = await socket.message()
            assert (event, keys(page)) == ("gap", ["one"]) and page["gap"]["reason"]
            await socket.leave()

        run(scene)

    def test_while_nothing_changes_there_is_a_heartbeat(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(steps, "HEARTBEAT_SECONDS", 1)

        async def scene() -> None:
            socket = await home.watch()
            _, page = await socket.message()
            assert await socket.message() == ("heartbeat", {"next": page["next"]})
            await socket.leave()

        run(scene)

    def test_another_tenants_changes_are_never_told(self, home: Home) -> None:
        globex = home.kit.token(home.kit.tenant("globex"), "tenant-admin")

        async def scene() -> None:
            socket = await home.connect(globex).accepted()
            socket.subscribe()
            assert keys((await socket.message())[1]) == []
            await home.put("a/acmes")
            await asyncio.to_thread(put, home.kit, globex, "a/own", 1)
            assert keys((await socket.message())[1]) == ["own"]
            await socket.leave()

        run(scene)


class TestHandshake:
    @pytest.mark.parametrize(
        ("token", "url", "status", "kind"),
        [
            pytest.param("x", PATH, 401, "unauthenticated", id="no valid credential"),
            pytest.param(None, f"{PATH}?token=x", 400, "malformed", id="a query"),
            pytest.param(None, "/api/v1/whoami", 404, "not_found", id="another path"),
        ],
    )
    def test_who_is_refused_is_told_by_a_problem(
        self, home: Home, token: str | None, url: str, status: int, kind: str
    ) -> None:
        async def scene() -> None:
            found, headers, problem = await home.connect(token, url).denied()
            assert (found, problem["kind"], headers["x-request-id"]) == (status, kind, problem["request_id"])
            assert home.places.taken == 0

        run(scene)

    def test_a_refused_credential_is_on_record(self, home: Home) -> None:
        async def scene() -> None:
            await home.connect("x").denied()

        run(scene)
        home.kit.family.access_log.close()
        assert [one.event_type for one in home.kit.accesses()] == ["authentication.failed"]

    def test_a_tenant_has_so_many_places_and_who_leaves_frees_one(self, home: Home) -> None:
        async def scene() -> None:
            held = [await home.connect().accepted() for _ in range(MOST_OF_A_TENANT)]
            status, headers, problem = await home.connect().denied()
            assert (status, problem["kind"], headers["retry-after"]) == (429, "rate_limited", "5")
            await held.pop().leave()
            held.append(await home.connect().accepted())
            for socket in held:
                await socket.leave()
            assert home.places.taken == 0

        run(scene)

    def test_a_home_has_so_many_places_whoever_asks(self, home: Home) -> None:
        globex = home.kit.token(home.kit.tenant("globex"), "viewer")

        async def scene() -> None:
            held = [await home.connect().accepted(), await home.connect().accepted()]
            held.append(await home.connect(globex).accepted())
            assert (await home.connect(globex).denied())[0] == 429
            for socket in held:
                await socket.leave()

        run(scene)


class TestEnd:
    @pytest.mark.parametrize(
        ("said", "kind", "code"),
        [
            pytest.param("{", "malformed", 4400, id="no JSON"),
            pytest.param("[]", "malformed", 4400, id="no object"),
            pytest.param(b"{}", "malformed", 4400, id="no text"),
            pytest.param({"action": "publish"}, "malformed", 4400, id="another action"),
            pytest.param({"action": "subscribe", "token": "t"}, "malformed", 4400, id="an unknown member"),
            pytest.param({"action": "subscribe", "namespace": "A"}, "malformed", 4400, id="no namespace"),
            pytest.param({"action": "subscribe", "since": "x" * 16384}, "too_large", 4413, id="too much"),
        ],
    )
    def test_what_does_not_subscribe_ends_the_connection(self, home: Home, said: Any, kind: str, code: int) -> None:
        async def scene() -> None:
            socket = await home.connect().accepted()
            socket.say(said)
            event, problem = await socket.message()
            assert (event, problem["kind"], 4000 + problem["status"]) == ("end", kind, code)
            assert await socket.closed() == code
            await socket.leave()
            assert home.places.taken == 0

        run(scene)

    def test_what_the_caller_may_not_read_ends_it(self, home: Home) -> None:
        token = home.kit.token(home.acme, "service-account")

        async def scene() -> None:
            socket = await home.connect(token).accepted()
            socket.subscribe(namespace="a")
            event, problem = await socket.message()
            assert (event, problem["kind"], await socket.closed()) == ("end", "permission_denied", 4403)

        run(scene)

    def test_another_tenants_place_ends_it_and_is_on_record(self, home: Home) -> None:
        globex = home.kit.token(home.kit.tenant("globex"), "tenant-admin")

        async def scene() -> None:
            await home.put("a/one")
            socket = await home.watch()
            place = (await socket.message())[1]["next"]
            await socket.leave()
            other = await home.connect(globex).accepted()
            other.subscribe(namespace="a", since=place)
            event, problem = await other.message()
            assert (event, problem["kind"], await other.closed()) == ("end", "cursor_invalid", 4400)

        run(scene)
        assert [one.event_type for one in home.kit.accesses()] == ["access.denied"]

    def test_who_says_nothing_is_not_waited_for(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sockets, "SUBSCRIBE_SECONDS", 0)

        async def scene() -> None:
            socket = await home.connect().accepted()
            assert (await socket.message())[0] == "end"
            assert await socket.closed() == 4400

        run(scene)

    def test_who_says_more_than_it_should_is_ended(self, home: Home) -> None:
        async def scene() -> None:
            socket = await home.watch()
            await socket.message()
            await home.until(lambda: home.waiting == 1)
            socket.subscribe(namespace="b")
            assert (await socket.message())[1]["kind"] == "malformed"
            assert (await socket.closed(), home.waiting) == (4400, 0)

        run(scene)

    def test_who_goes_away_frees_both_its_places(self, home: Home) -> None:
        async def scene() -> None:
            socket = await home.watch()
            await home.until(lambda: home.waiting == 1)
            await socket.leave()
            assert (home.waiting, home.places.taken) == (0, 0)
            silent = await home.connect().accepted()
            await silent.leave()
            assert home.places.taken == 0

        run(scene)

    def test_a_credential_that_is_no_longer_good_ends_it_with_a_code_of_its_own(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(steps, "HEARTBEAT_SECONDS", 1)
        made = home.kit.call("POST", "/api/v1/api-keys", {"name": "k", "roles": ["viewer"]}, token=home.token).json

        async def scene() -> None:
            socket = await SocketConnection(home.app, PATH, {"x-api-key": made["key"]}).accepted()
            socket.subscribe(namespace="a")
            await socket.message()
            await home.until(lambda: home.waiting == 1)
            gone = await asyncio.to_thread(home.kit.call, "DELETE", f"/api/v1/api-keys/{made['id']}", token=home.token)
            assert gone.status == 204
            event, problem = await socket.message()
            assert (event, problem["kind"], await socket.closed()) == ("end", "unauthenticated", 4401)

        run(scene)

    def test_a_token_that_expires_meanwhile_ends_it(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(steps, "HEARTBEAT_SECONDS", 1)
        clock = SteppedClock()
        with embedded(tmp_path / "later", clock=clock) as kit:
            wiring.use(kit.factories)
            token = kit.token(kit.tenant("acme"), "viewer")

            async def scene() -> None:
                app = application(lambda: {"keys": []}, "http://127.0.0.1:1")
                socket = await SocketConnection(app, PATH, {"authorization": f"Bearer {token}"}).accepted()
                socket.subscribe()
                await socket.message()
                clock.step(24 * 3600)
                event, problem = await socket.message()
                while event == "heartbeat":
                    event, problem = await socket.message()
                assert (event, problem["kind"], await socket.closed()) == ("end", "unauthenticated", 4401)

            run(scene)

    def test_a_store_that_fails_ends_it_and_says_that_it_may_pass(self, home: Home) -> None:
        faults = Faults([Fault("change_feed", "changes", 1, Kind.ERROR)])
        wiring.use(faults.around(home.kit.factories))

        async def scene() -> None:
            await home.put("a/one")
            socket = await home.watch()
            event, problem = await socket.message()
            assert (event, problem["kind"], problem["retryable"]) == ("end", "unavailable", True)
            assert await socket.closed() == 4503

        run(scene)

    def test_a_home_that_stops_says_so(self, home: Home) -> None:
        async def scene() -> None:
            socket = await home.watch()
            await socket.message()
            await home.until(lambda: home.waiting == 1)
            home.kit.family.change_signal.end()
            assert (await socket.message())[0] == "heartbeat"
            assert await socket.closed() == 1001

        run(scene)

    def test_a_home_that_stops_while_somebody_is_about_to_wait_says_so_once(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        signal = home.kit.family.change_signal
        looked = signal._moved

        def moved(*asked: Any) -> bool:
            signal.end()
            return looked(*asked)

        monkeypatch.setattr(signal, "_moved", moved)

        async def scene() -> None:
            socket = await home.watch()
            await socket.message()
            assert (await socket.message())[0] == "heartbeat"
            assert await socket.closed() == 1001

        run(scene)

    def test_a_feed_that_is_full_ends_it_and_says_when_to_come_again(self, tmp_path: Path) -> None:
        from llm_config_local.adapters.change_signal import SqliteChangeSignal

        with embedded(tmp_path / "full") as kit:
            signal = SqliteChangeSignal(kit.family.store, max_waiting=0)
            kit.factories["change_signal"] = lambda: signal
            wiring.use(kit.factories)
            token = kit.token(kit.tenant("acme"), "viewer")

            async def scene() -> None:
                app = application(lambda: {"keys": []}, "http://127.0.0.1:1")
                socket = await SocketConnection(app, PATH, {"authorization": f"Bearer {token}"}).accepted()
                socket.subscribe()
                told = [await socket.message() for _ in range(3)]
                assert [event for event, _ in told] == ["changes", "heartbeat", "end"]
                assert (told[-1][1]["retry_after"], await socket.closed()) == (5, 4429)

            run(scene)
            signal.close()


def test_every_message_is_one_line_of_json_with_two_members(home: Home) -> None:
    async def scene() -> None:
        await home.put("a/one", "two\n\u2028lines")
        socket = await home.watch()
        text = await socket.text()
        assert "\n" not in text and list(json.loads(text)) == ["event", "data"]
        await socket.leave()

    run(scene)
