"""Questions that many threads ask at the same moment, asked once.

Who comes while somebody asks waits instead of asking too. Whether the answer is good for it depends: that question began
before it came, so it may know nothing of what was written in between. Who cannot take it takes the next one, which began
after it came and which all who wait share again: so of any number at once two ask at most.
"""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class _Flight(Future[T]):
    """A question on its way. `later`: the one that those share who waited for this and could not take its answer."""

    later: "_Flight[T] | None" = None


class Flights(Generic[K, T]):
    """Nothing is kept: not an answer, and not a failure."""

    def __init__(self) -> None:
        self._flying: dict[K, _Flight[T]] = {}
        self._changing = Lock()

    def ask(self, key: K, question: Callable[[], T], serves: Callable[[T], bool]) -> T:
        """The answer to `question`, asked by this thread or by another. `serves`: may an answer be taken whose question
        began before this call? Raises what the question raised, which all who waited for it are told."""
        earlier = self._flying.get(key)
        if earlier is not None and serves(answer := earlier.result()):
            return answer
        flight, mine = self._after(key, earlier)
        return self._flown(key, flight, question) if mine else flight.result()

    def _after(self, key: K, earlier: _Flight[T] | None) -> tuple[_Flight[T], bool]:
        """The flight to take, and whether it is this thread's to make."""
        with self._changing:
            flight = (earlier.later if earlier else None) or self._flying.get(key)
            mine = flight is None
            if flight is None:
                flight = self._flying[key] = _Flight()
            if earlier:
                earlier.later = flight
        return flight, mine

    def _flown(self, key: K, flight: _Flight[T], question: Callable[[], T]) -> T:
        try:
            answer = question()
        except BaseException as error:
            self._land(key)
            flight.set_exception(error)
            raise
        self._land(key)
        flight.set_result(answer)
        return answer

    def _land(self, key: K) -> None:
        """Before the answer is told, so that nobody who has heard it finds this flight again."""
        with self._changing:
            del self._flying[key]
