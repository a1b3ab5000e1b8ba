"""Which adapter stands behind which port: the only module of the service that knows.

A Lambda function reaches the AWS family and nothing else. Another home names its own family, once, before the first
request (`use`). An adapter is imported at the first call of its port, so a function loads only the drivers it uses.
"""

import threading
from collections.abc import Callable, Mapping
from typing import Any

Factories = Mapping[str, Callable[[], Any]]
"""Port's name -> what makes its adapter."""

_factories: Factories | None = None
_opened: dict[str, Any] = {}
_opening = threading.RLock()


class Unopened:
    """Stands for a port until its first method is called."""

    __slots__ = ("_port",)

    def __init__(self, port: str) -> None:
        self._port = port

    def __getattr__(self, method: str) -> Any:
        return getattr(_open(self._port), method)


def provide(port: str) -> Any:
    """The adapter of `port`, unopened unless it was used before. Raises KeyError for a port that nobody stands behind."""
    if port in _opened:
        return _opened[port]
    if port not in _family():
        raise KeyError(port)
    return Unopened(port)


def use(factories: Factories) -> None:
    """Put another family behind the ports of this process, and forget what was opened."""
    global _factories
    _factories = factories
    _opened.clear()


def _open(port: str) -> Any:
    """One thread at a time: two that import the same drivers at once can wait for each other (importlib's deadlock)."""
    with _opening:
        if port not in _opened:
            _opened[port] = _family()[port]()
        return _opened[port]


def _family() -> Factories:
    global _factories
    if _factories is None:
        from llm_config.runtime.aws_family import FACTORIES

        _factories = FACTORIES
    return _factories
