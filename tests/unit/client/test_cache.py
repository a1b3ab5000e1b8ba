"""A program's own memory of configs: when it asks, what it believes, and what it says of it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import httpx
import pytest

from llm_config_client import Client
from llm_config_client.cache import ConfigCache
from llm_config_client.errors import Unreachable
from llm_config_domain.errors import Malformed, NotFound, PermissionDenied, Unavailable
from tests.support.flights import Looks
from tests.unit.client.answering import TOKEN, URL, Answering, answered, refused, still


class Clock:
    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


def told(value: Any = 1, revision: int = 1, age: int = 0, said: str = "no-cache") -> httpx.Response:
    layers = [{"layer": "tenant", "environment": "production", "version": revision}]
    answer = answered({
        "value": value, "environment": "production", "version": revision, "revision": revision,
        "age_seconds": age, "stale": False, "etag": f'"{revision}"', "layers": layers,
    })  # fmt: skip
    answer.headers["cache-control"] = said
    return answer


NOT_MODIFIED = httpx.Response(304, headers={"etag": '"1"'})


def cache_of(*answers: Any, **options: Any) -> tuple[ConfigCache, Answering, Clock]:
    service, clock = Answering(*answers), Clock()
    return ConfigCache(service.client(attempts=1), monotonic=clock, **options), service, clock


def look(cache: ConfigCache) -> Any:
    return cache.get("gateway/primary", "production")


def test_a_fresh_value_is_given_without_a_request() -> None:
    cache, service, clock = cache_of(told())
    assert [look(cache), look(cache)] == [1, 1]
    clock.at += 4.9
    assert look(cache) == 1
    assert len(service.requests) == 1


def test_after_the_bound_it_asks_whether_the_value_still_stands() -> None:
    cache, service, clock = cache_of(told(), NOT_MODIFIED, told(2, revision=2))
    look(cache)
    clock.at += 5.1
    assert (look(cache), service.requests[-1].headers["if-none-match"]) == (1, '"1"')
    clock.at += 5.1
    assert look(cache) == 2


def test_the_age_that_the_service_tells_counts_towards_the_bound() -> None:
    cache, service, clock = cache_of(told(age=3), told(2, revision=2))
    look(cache)
    assert cache.held("gateway/primary", "production").age_seconds == 3
    clock.at += 2.5
    assert (look(cache), len(service.requests)) == (2, 2)


@pytest.mark.parametrize(
    ("said", "own", "bound"),
    [
        pytest.param("private, max-age=60", None, 60, id="the namespace alone"),
        pytest.param("private, max-age=60", 10, 10, id="the program wants it newer"),
        pytest.param("private, max-age=2", 10, 2, id="the namespace wants it newer"),
        pytest.param("no-store", None, 5, id="nothing is said"),
    ],
)
def test_a_value_is_believed_as_long_as_its_namespace_and_the_program_allow(
    said: str, own: float | None, bound: float
) -> None:
    cache, service, clock = cache_of(told(said=said), told(2, revision=2), bound_seconds=own)
    look(cache)
    clock.at += bound - 0.1
    assert (look(cache), len(service.requests)) == (1, 1)
    clock.at += 0.2
    assert (look(cache), len(service.requests)) == (2, 2)


def test_where_the_namespace_wants_to_be_asked_each_time_it_is_and_also_after_it_said_so_later() -> None:
    always = httpx.Response(304, headers={"etag": '"1"', "cache-control": "private, max-age=0", "age": "0"})
    cache, _, clock = cache_of(told(age=3), always, told(2, revision=2))
    look(cache)
    clock.at += 5.1
    assert look(cache) == 1
    assert cache.held("gateway/primary", "production").value == 2, "within five seconds of the last answer"


@pytest.mark.parametrize("failure", [httpx.ConnectError("down"), refused(Unavailable("later"))])
def test_when_nobody_answers_the_last_value_is_given_for_a_while_and_said_to_be_stale(failure: Any) -> None:
    cache, service, clock = cache_of(told(), *[failure] * 4)
    look(cache)
    assert cache.held("gateway/primary", "production").stale is False
    clock.at += 200
    held = cache.held("gateway/primary", "production")
    assert (held.value, held.stale, held.age_seconds) == (1, True, 200)
    asked = len(service.requests)
    look(cache)
    assert len(service.requests) == asked, "a service that is down is not asked at every look"
    clock.at += 200
    with pytest.raises((Unreachable, Unavailable)):
        look(cache)


@pytest.mark.parametrize("refusal", [NotFound("gone"), PermissionDenied("not any more")])
def test_what_the_service_refuses_is_not_given_from_memory(refusal: Any) -> None:
    cache, _, clock = cache_of(told(), refused(refusal))
    look(cache)
    clock.at += 6
    with pytest.raises(type(refusal)):
        look(cache)


def test_what_was_seen_does_not_go_back() -> None:
    cache, _, clock = cache_of(told("new", revision=5), told("old", revision=4), told("newer", revision=6))
    assert look(cache) == "new"
    clock.at += 6
    assert look(cache) == "new", "another container had not heard of it yet"
    clock.at += 6
    assert look(cache) == "newer"


def test_each_question_names_the_revision_that_is_held() -> None:
    cache, service, clock = cache_of(told(revision=5), told(2, revision=6))
    for _ in range(3):
        look(cache)
        clock.at += 6
    assert [request.url.params.get("min_revision") for request in service.requests] == [None, "5", "6"]


def test_a_store_that_was_brought_back_keeps_what_was_seen_until_it_is_beyond() -> None:
    behind = refused(Malformed("not so far"))
    cache, service, clock = cache_of(
        told("seen", revision=5), behind, told("old", revision=2), behind, NOT_MODIFIED, told("new", revision=6)
    )
    told_of = []
    for _ in range(4):
        told_of.append(look(cache))
        clock.at += 6
    assert told_of == ["seen", "seen", "seen", "new"]
    assert "min_revision" not in service.requests[2].url.params


def test_what_is_asked_for_in_a_wrong_way_is_raised() -> None:
    cache, _, _ = cache_of(refused(Malformed("wrong")))
    with pytest.raises(Malformed):
        look(cache)


def test_nobody_can_edit_what_is_kept() -> None:
    cache, _, _ = cache_of(told({"a": {"b": [1, {"c": 2}]}}))
    value = look(cache)
    assert value["a"]["b"][1]["c"] == 2
    with pytest.raises(TypeError):
        value["a"]["b"][1]["c"] = 3
    assert isinstance(value["a"]["b"], tuple)


def test_threads_that_miss_together_ask_once() -> None:
    cache, service, _ = cache_of(told(), *[told(9, revision=9)] * 7)
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(lambda _: look(cache), range(32))) == {1}
    assert len(service.requests) == 1


def test_a_failure_is_told_to_all_threads_that_wait_and_is_not_kept() -> None:
    asked, go_on = Event(), Event()

    def answer(request: httpx.Request) -> httpx.Response:
        asked.set()
        assert go_on.wait(30)
        return next(answers)

    answers = iter([refused(Unavailable("later")), told(2)])
    client = Client(URL, TOKEN, transport=httpx.MockTransport(answer), retries=still(attempts=1))
    cache = ConfigCache(client, monotonic=Clock())
    looks = cache._flights._flying = Looks()
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(look, cache)
        assert asked.wait(30)
        others = [threads.submit(look, cache) for _ in range(7)]
        looks.await_callers(7)
        go_on.set()
        assert {type(one.exception(30)) for one in (first, *others)} == {Unavailable}
        assert look(cache) == 2


def test_it_is_bounded_and_can_be_told_to_forget() -> None:
    cache, service, _ = cache_of(*[told()] * 5, max_entries=2)
    for path in ("a/a", "a/b", "a/c", "a/a"):
        cache.get(path, "production")
    assert len(service.requests) == 4
    cache.forget()
    cache.get("a/a", "production")
    assert len(service.requests) == 5
