"""One question for all who ask at once; and an answer that began too early for none of them."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue

import pytest

from llm_config_domain.errors import Unavailable
from llm_config_domain.flights import Flights
from tests.support.flights import Looks


def always(answer: int) -> bool:
    return True


def never(answer: int) -> bool:
    return False


class Store:
    """Each question waits until the test answers it."""

    def __init__(self) -> None:
        self.asked: Queue[Future[int]] = Queue()

    def __call__(self) -> int:
        answer: Future[int] = Future()
        self.asked.put(answer)
        return answer.result(10)

    def next(self) -> Future[int]:
        return self.asked.get(timeout=10)


class Callers:
    def __init__(self, threads: ThreadPoolExecutor) -> None:
        self.flights: Flights[str, int] = Flights()
        self.looks = self.flights._flying = Looks()
        self._threads = threads

    def ask(self, store: Store, *, key: str = "a", serves: Callable[[int], bool] = always) -> "Future[int]":
        return self._threads.submit(self.flights.ask, key, store, serves)

    def wait_behind(self, store: Store, *, count: int, serves: Callable[[int], bool] = always) -> "list[Future[int]]":
        """`count` callers, each of which has found the question in flight."""
        waiting = [self.ask(store, serves=serves) for _ in range(count)]
        self.looks.await_callers(count)
        return waiting


@pytest.fixture
def callers() -> Iterator[Callers]:
    with ThreadPoolExecutor(32) as threads:
        yield Callers(threads)


def test_who_comes_while_somebody_asks_is_told_the_same(callers: Callers) -> None:
    store = Store()
    first = callers.ask(store)
    answer = store.next()
    others = callers.wait_behind(store, count=20)
    answer.set_result(7)
    assert [first.result(10), *(other.result(10) for other in others)] == [7] * 21
    assert store.asked.empty()


def test_who_cannot_take_the_earlier_answer_shares_the_next_one(callers: Callers) -> None:
    store = Store()
    first = callers.ask(store)
    early = store.next()
    strict = callers.wait_behind(store, count=20, serves=never)
    early.set_result(1)
    assert first.result(10) == 1
    store.next().set_result(2)
    assert {other.result(10) for other in strict} == {2}
    assert store.asked.empty(), "however late one of them looks for it"


def test_a_failure_is_told_to_all_who_wait_and_is_not_kept(callers: Callers) -> None:
    store = Store()
    first = callers.ask(store)
    answer = store.next()
    others = callers.wait_behind(store, count=5)
    answer.set_exception(Unavailable("later"))
    for caller in (first, *others):
        with pytest.raises(Unavailable):
            caller.result(10)
    again = callers.ask(store)
    store.next().set_result(3)
    assert again.result(10) == 3


def test_keys_do_not_wait_for_each_other(callers: Callers) -> None:
    store = Store()
    first, other = callers.ask(store, key="a"), callers.ask(store, key="b")
    one, two = store.next(), store.next()
    two.set_result(2)
    one.set_result(2)
    assert (first.result(10), other.result(10)) == (2, 2)


def test_nothing_is_kept_once_it_is_told() -> None:
    flights: Flights[str, int] = Flights()
    answers = iter((1, 2))
    assert [flights.ask("a", lambda: next(answers), always) for _ in range(2)] == [1, 2]


def test_a_thread_that_is_ended_while_it_asks_leaves_nobody_waiting() -> None:
    flights: Flights[str, int] = Flights()

    def ended() -> int:
        raise SystemExit

    with pytest.raises(SystemExit):
        flights.ask("a", ended, always)
    assert flights.ask("a", lambda: 4, never) == 4
