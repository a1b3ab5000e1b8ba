"""Callers that meet at one question: a test knows that they wait, and how often a store was asked."""

from queue import Queue
from threading import Event
from typing import Any


class Looks(dict[Any, Any]):
    """Stands for the flights of a `Flights`, and tells of each caller that found one to wait for."""

    def __init__(self) -> None:
        self._found: Queue[bool] = Queue()

    def get(self, key: Any, default: Any = None) -> Any:
        flight = super().get(key, default)
        if flight is not None:
            self._found.put(True)
        return flight

    def await_callers(self, count: int) -> None:
        for _ in range(count):
            self._found.get(timeout=30)


class HeldUpReader:
    """A `config_reader` whose reads of layers and revisions are counted; the first waits until it may go on, and then
    `fails` if it is told to."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader
        self.reads: list[str] = []
        self.asked, self.go_on = Event(), Event()
        self.fails: Exception | None = None

    def __getattr__(self, method: str) -> Any:
        real = getattr(self._reader, method)
        return (lambda *told: self._read(method, real, told)) if method in ("layers", "pins") else real

    def _read(self, method: str, real: Any, told: tuple[Any, ...]) -> Any:
        self.reads.append(method)
        if not self.asked.is_set():
            answer = real(*told)
            self.asked.set()
            assert self.go_on.wait(30)
            if self.fails:
                raise self.fails
            return answer
        return real(*told)
