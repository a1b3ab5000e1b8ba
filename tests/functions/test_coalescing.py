"""Many who miss the same config at the same moment: the store is asked once, and nobody is told what is too old for them."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from redis import ConnectionError as NoConnection

from llm_config.adapters.valkey.shared_layers import ValkeySharedLayers
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from tests.support.aws import on_aws
from tests.support.flights import HeldUpReader, Looks
from tests.support.homes import Kit, Reply, embedded

CALLERS = 20
CONFIG = "/api/v1/configs/gateway/primary?environment=production"
RESOLVED = "/api/v1/resolved/gateway/primary?environment=production"


class Crowd:
    """Threads before one process whose store is held up until they all wait."""

    def __init__(self, kit: Kit, threads: ThreadPoolExecutor) -> None:
        self.kit, self._threads = kit, threads
        self.acme = kit.tenant("acme")
        self.put("old")
        self.store = HeldUpReader(kit.provide("config_reader"))
        kit.factories["config_reader"] = lambda: self.store
        kit.forget()
        self.looks = kit.provide("layer_cache")._flights._flying = Looks()

    def put(self, value: Any, tenant: TenantId | None = None) -> Reply:
        told = self.kit.call("PUT", CONFIG, {"value": value}, token=self.kit.token(tenant or self.acme, "operator"))
        assert told.status < 300, told.text
        return told

    def ask(
        self, more: str = "", tenant: TenantId | None = None, headers: Mapping[str, str] | None = None
    ) -> "Future[Reply]":
        token = self.kit.token(tenant or self.acme, "viewer")
        return self._threads.submit(self.kit.call, "GET", RESOLVED + more, token=token, headers=headers)

    def first(self) -> "Future[Reply]":
        """It has read the store, and has not been told yet."""
        asked = self.ask()
        assert self.store.asked.wait(30)
        return asked

    def join(self, more: str = "", count: int = CALLERS) -> "list[Future[Reply]]":
        asked = [self.ask(more) for _ in range(count)]
        self.looks.await_callers(count)
        return asked


def values(asked: "list[Future[Reply]]") -> set[Any]:
    return {reply.json["value"] for reply in (one.result(30) for one in asked)}


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(CALLERS + 4) as pool:
        yield pool


@pytest.fixture
def container(tmp_path: Path, threads: ThreadPoolExecutor) -> Iterator[Crowd]:
    with on_aws(tmp_path) as kit:
        yield Crowd(kit, threads)


@pytest.fixture
def at_home(tmp_path: Path, threads: ThreadPoolExecutor) -> Iterator[Crowd]:
    with embedded(tmp_path / "home") as kit:
        yield Crowd(kit, threads)


def test_within_the_bound_all_who_wait_share_one_read(container: Crowd) -> None:
    first, others = container.first(), container.join()
    container.store.go_on.set()
    assert (values([first, *others]), container.store.reads) == ({"old"}, ["layers"])


def test_at_home_where_nothing_is_believed_unasked_all_who_wait_share_the_next_read(at_home: Crowd) -> None:
    first = at_home.first()
    at_home.put("new")
    others = at_home.join()
    at_home.store.go_on.set()
    assert (values([first]), values(others)) == ({"old"}, {"new"})
    assert at_home.store.reads.count("layers") == 2


@pytest.mark.parametrize("made", ["container", "at_home"])
def test_a_read_that_began_before_my_write_does_not_serve_me(made: str, request: pytest.FixtureRequest) -> None:
    """As in litellm's issue 25553, where what was read before a write is given after it."""
    crowd: Crowd = request.getfixturevalue(made)
    first = crowd.first()
    written = crowd.put("new").json["revision"]
    mine = crowd.join(f"&min_revision={written}", count=3)
    past = crowd.ask(headers={"cache-control": "no-cache"}).result(30)
    assert past.json["value"] == "new", "who goes past every cache waits for nobody"
    crowd.store.go_on.set()
    assert (values([first]), values(mine)) == ({"old"}, {"new"})


def test_a_failure_is_told_to_all_who_wait_and_the_next_one_asks_again(container: Crowd) -> None:
    container.store.fails = Unavailable("later")
    first, others = container.first(), container.join()
    container.store.go_on.set()
    assert {one.result(30).status for one in (first, *others)} == {503}
    assert container.store.reads == ["layers"]
    assert values([container.ask()]) == {"old"}


def test_tenants_do_not_wait_for_each_other_and_share_nothing(container: Crowd) -> None:
    other = container.kit.tenant("acme-corp")
    container.put("theirs", other)
    first = container.first()
    assert values([container.ask(tenant=other)]) == {"theirs"}
    container.store.go_on.set()
    assert values([first]) == {"old"}


def test_who_may_not_read_is_refused_without_waiting(container: Crowd) -> None:
    first = container.first()
    nobody = container.kit.token(container.acme, "service-account")
    assert container.kit.call("GET", RESOLVED, token=nobody).status == 403
    container.store.go_on.set()
    assert values([first]) == {"old"}


class Gone:
    """A Valkey that does not answer."""

    def __init__(self) -> None:
        self.tried = 0

    def execute_command(self, *command: Any) -> Any:
        self.tried += 1
        raise NoConnection("gone")


def test_when_valkey_goes_down_the_herd_is_one_try_and_one_read(tmp_path: Path, threads: ThreadPoolExecutor) -> None:
    with on_aws(tmp_path) as kit:
        gone: Any = Gone()
        kit.factories["shared_layers"] = lambda: ValkeySharedLayers(gone, kit.clock, "test")
        crowd = Crowd(kit, threads)
        first, others = crowd.first(), crowd.join()
        crowd.store.go_on.set()
        assert values([first, *others]) == {"old"}
        assert (gone.tried, crowd.store.reads) == (1, ["pins", "layers"])
