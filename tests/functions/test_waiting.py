"""Waiting for a change: in the front's event loop, woken by a commit, and no thread held meanwhile."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from llm_config.ports.change_signal import Heard
from llm_config.runtime import wiring
from llm_config_domain.names import TenantId
from llm_config_local import steps
from llm_config_local.adapters.change_signal import SqliteChangeSignal
from llm_config_local.front import application
from tests.support.connections import Connection, run
from tests.support.everyday import CHANGES, put
from tests.support.homes import EmbeddedKit, embedded

WATCHERS = 200
"""Five times as many as the front has threads."""


@dataclass(frozen=True)
class Watched:
    kit: EmbeddedKit
    app: Starlette
    acme: TenantId
    token: str

    @property
    def signal(self) -> SqliteChangeSignal:
        return self.kit.family.change_signal

    def open(self, query: str, token: str | None = None, **headers: str) -> Connection:
        told = {"authorization": f"Bearer {token or self.token}", **headers}
        return Connection(self.app, f"{CHANGES}?{query}", told)

    def stream(self, query: str, **told: str) -> Connection:
        return self.open(query, accept="text/event-stream", **told)

    async def put(self, path: str, value: Any = 1, environment: str = "production") -> None:
        await asyncio.to_thread(put, self.kit, self.token, path, value, environment=environment)

    async def until(self, happened: Callable[[], bool]) -> None:
        while not happened():
            await asyncio.sleep(0.001)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Watched]:
    with embedded(tmp_path / "home") as kit:
        wiring.use(kit.factories)
        acme = kit.tenant("acme")
        app = application(lambda: {"keys": [kit.family.tokens.jwk()]}, "http://127.0.0.1:1")
        yield Watched(kit, app, acme, kit.token(acme, "tenant-admin"))


def test_a_change_that_comes_while_somebody_waits_is_the_answer(home: Watched) -> None:
    async def scene() -> None:
        waiting = home.open("namespace=a&wait=20")
        await home.until(lambda: home.signal.waiting == 1)
        await home.put("a/one")
        status, told = await waiting.answer()
        assert (status, [change["key"] for change in told["changes"]]) == (200, ["one"])
        assert home.signal.waiting == 0

    run(scene)


def test_five_times_as_many_as_there_are_threads_wait_and_all_are_answered(home: Watched) -> None:
    async def scene() -> None:
        waiting = [home.open("namespace=a&wait=20") for _ in range(WATCHERS)]
        await home.until(lambda: home.signal.waiting == WATCHERS)
        await home.put("a/one")
        answers = [await each.answer() for each in waiting]
        assert {(status, told["changes"][0]["version"]) for status, told in answers} == {(200, 1)}

    run(scene)


@pytest.mark.parametrize(
    ("query", "elsewhere"),
    [("namespace=a", "b/one"), ("namespace=a/*", "a/one"), ("namespace=a&environment=edge", "a/one")],
)
def test_what_is_not_for_this_reader_is_no_answer(home: Watched, query: str, elsewhere: str) -> None:
    async def scene() -> None:
        waiting = home.open(f"{query}&wait=20")
        await home.until(lambda: home.signal.waiting == 1)
        await home.put(elsewhere)
        await home.put("a/one", environment="edge")
        await home.put("a/b/one")
        (change,) = (await waiting.answer())[1]["changes"]
        assert (change["namespace"], change["environment"]) in {("a", "edge"), ("a/b", "production")}

    run(scene)


def test_who_waits_in_vain_keeps_its_place_and_is_recorded_once(home: Watched) -> None:
    async def scene() -> None:
        await home.put("a/one")
        first = (await home.open("namespace=a").answer())[1]
        status, told = await home.open(f"namespace=a&wait=1&since={first['next']}").answer()
        assert (status, told) == (200, {"changes": [], "next": first["next"], "reached": {"a": 1}})
        home.kit.family.access_log.close()
        told_of = [entry for entry in home.kit.accesses() if entry.event_type == "config.changes_read"]
        assert len(told_of) == 2, "the thread that was given back recorded nothing"

    run(scene)


def test_who_goes_away_frees_its_place(home: Watched) -> None:
    async def scene() -> None:
        for opened in (home.open, home.stream):
            waiting = opened("namespace=a&wait=20")
            await home.until(lambda: home.signal.waiting == 1)
            await waiting.leave()
            assert home.signal.waiting == 0

    run(scene)


def test_a_tenant_that_is_suspended_meanwhile_is_refused(home: Watched) -> None:
    from tests.support.families import SqliteHome

    async def scene() -> None:
        waiting = home.open("namespace=a&wait=20")
        await home.until(lambda: home.signal.waiting == 1)
        await home.put("a/one")
        SqliteHome.suspend(_Suspending(home), home.acme)  # type: ignore[arg-type]
        assert (await waiting.answer())[0] in (200, 401)
        assert (await home.open("namespace=a&wait=20").answer())[0] == 401

    run(scene)


class _Suspending:
    """As much of a home under test as it takes to suspend a tenant."""

    def __init__(self, home: Watched) -> None:
        self._family, self._home = home.kit.family, home

    def _suspended(self, tenant: TenantId) -> str:
        record = self._home.kit.provide("tenant_reader").by_id(tenant).to_record()
        return json.dumps({**record, "status": "suspended"})


def test_when_too_many_wait_the_next_is_answered_at_once_and_told_when_to_come_again(tmp_path: Path) -> None:
    with embedded(tmp_path / "home") as kit:
        signal = SqliteChangeSignal(kit.family.store, max_waiting=2, max_of_a_tenant=1)
        kit.factories["change_signal"] = lambda: signal
        wiring.use(kit.factories)
        app = application(lambda: {"keys": []}, "http://127.0.0.1:1")
        tenants = [kit.tenant(name) for name in ("acme", "globex", "umbrella")]
        homes = [Watched(kit, app, tenant, kit.token(tenant, "viewer")) for tenant in tenants]

        async def scene() -> None:
            waiting = [homes[0].open("wait=20")]
            await homes[0].until(lambda: signal.waiting == 1)
            assert (await homes[0].open("wait=20").answer())[1]["retry_after"] == 5
            waiting.append(homes[1].open("wait=20"))
            await homes[0].until(lambda: signal.waiting == 2)
            assert (await homes[2].open("wait=20").answer())[1]["retry_after"] == 5, "all places are taken"
            for each in waiting:
                await each.leave()

        run(scene)
        assert signal.wait(tenants[0], "*", {}, 0) is Heard.NOTHING
        signal.close()


def test_a_home_that_stops_answers_who_waits_and_ends_its_streams(home: Watched) -> None:
    async def scene() -> None:
        waiting, stream = home.open("namespace=a&wait=20"), home.stream("namespace=a")
        await home.until(lambda: home.signal.waiting == 2)
        home.signal.end()
        assert (await waiting.answer())[1]["changes"] == []
        await stream.begun()
        while await stream.part():
            pass  # an empty part is the last one
        assert (await home.open("namespace=a&wait=20").answer())[0] == 200, "nobody waits any more"

    run(scene)


class TestStream:
    def test_each_answer_is_an_event_whose_id_is_the_place_after_it(self, home: Watched) -> None:
        async def scene() -> None:
            await home.put("a/one")
            stream = home.stream("namespace=a")
            begun = await stream.begun()
            headers = {name.decode(): value.decode() for name, value in begun["headers"]}
            assert (begun["status"], headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
            assert headers["cache-control"] == "no-store" and headers["x-request-id"]
            events = stream.events()
            assert await anext(events) == {"retry": "1000"}
            first = await anext(events)
            await home.put("a/one", {"text": "two\n\u2028lines"})
            second = await anext(events)
            for event, version in ((first, 1), (second, 2)):
                told = json.loads(event["data"])
                assert (event["event"], event["id"]) == ("changes", told["next"])
                assert [change["version"] for change in told["changes"]] == [version]
            assert json.loads(second["data"])["changes"][0]["value"] == {"text": "two\n\u2028lines"}
            await stream.leave()

        run(scene)

    def test_who_comes_back_with_the_last_id_misses_nothing(self, home: Watched) -> None:
        async def scene() -> None:
            await home.put("a/one")
            stream = home.stream("namespace=a")
            await stream.begun()
            place = [event async for event in _first(stream, 2)][1]["id"]
            await stream.leave()
            await home.put("a/two")
            again = home.stream("namespace=a", **{"last-event-id": place})
            await again.begun()
            told = json.loads([event async for event in _first(again, 2)][1]["data"])
            assert [change["key"] for change in told["changes"]] == ["two"]
            await again.leave()

        run(scene)

    def test_a_place_that_is_not_there_is_a_gap_with_the_feed_from_its_beginning(self, home: Watched) -> None:
        async def scene() -> None:
            await home.put("a/one")
            stream = home.stream("namespace=a", **{"last-event-id": "9"})
            await stream.begun()
            gap = [event async for event in _first(stream, 2)][1]
            told = json.loads(gap["data"])
            assert (gap["event"], [change["key"] for change in told["changes"]]) == ("gap", ["one"])
            assert told["gap"]["reason"]
            await stream.leave()

        run(scene)

    def test_a_quiet_stream_has_a_heartbeat(self, home: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(steps, "HEARTBEAT_SECONDS", 0)

        async def scene() -> None:
            stream = home.stream("namespace=a")
            await stream.begun()
            events = [event async for event in _first(stream, 4)]
            assert all(event[""] == "heartbeat" and event["id"] for event in events[2:])
            await stream.leave()

        run(scene)

    def test_a_credential_that_is_no_longer_good_ends_the_stream(
        self, home: Watched, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(steps, "HEARTBEAT_SECONDS", 1)
        made = home.kit.call("POST", "/api/v1/api-keys", {"name": "k", "roles": ["viewer"]}, token=home.token).json

        async def scene() -> None:
            key = {"x-api-key": made["key"], "accept": "text/event-stream"}
            stream = Connection(home.app, f"{CHANGES}?namespace=a", key)
            await stream.begun()
            await home.until(lambda: home.signal.waiting == 1)
            gone = await asyncio.to_thread(home.kit.call, "DELETE", f"/api/v1/api-keys/{made['id']}", token=home.token)
            assert gone.status == 204
            last = [event async for event in _first(stream, 3)][-1]
            assert (last["event"], json.loads(last["data"])["kind"]) == ("end", "unauthenticated")

        run(scene)

    @pytest.mark.parametrize(
        ("query", "headers", "status"),
        [
            pytest.param("namespace=a", {"authorization": "Bearer x"}, 401, id="no valid credential"),
            pytest.param("namespace=A", {}, 400, id="no namespace"),
            pytest.param("namespace=a&unknown=1", {}, 400, id="an unknown parameter"),
        ],
    )
    def test_what_is_refused_is_a_problem_and_no_stream(
        self, home: Watched, query: str, headers: Mapping[str, str], status: int
    ) -> None:
        async def scene() -> None:
            stream = home.stream(query, **headers)
            begun = await stream.begun()
            assert (begun["status"], dict(begun["headers"])[b"content-type"]) == (status, b"application/problem+json")

        run(scene)

    def test_other_routes_have_no_stream(self, home: Watched) -> None:
        async def scene() -> None:
            told = {"authorization": f"Bearer {home.token}", "accept": "text/event-stream"}
            assert (await Connection(home.app, "/api/v1/whoami", told).begun())["status"] == 406

        run(scene)


async def _first(stream: Connection, count: int) -> Any:
    async for event in stream.events():
        yield event
        count -= 1
        if not count:
            return
