"""Layers of configs in the memory of a process: the least recently used go first."""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from llm_config.ports.clock import Clock
from llm_config.ports.layer_cache import ConfigKey, Held, Level, Question
from llm_config_domain.configs.entries import Layers
from llm_config_domain.flights import Flights

MAX_ENTRIES = 10_000
MAX_BYTES = 64 * 1024 * 1024
_BYTES_BESIDE_A_VALUE = 2_000
"""About what a version takes in memory beside its value, which may be there twice: stored, and as the answer's text."""


@dataclass(frozen=True, slots=True)
class _Kept:
    layers: Layers
    asked_at: float
    size: int


@dataclass(frozen=True, slots=True)
class _Told:
    layers: Layers
    level: Level
    asked_at: float


class MemoryLayerCache:
    """Implements `layer_cache`. `bound_seconds` is that of layers whose namespace says nothing; 0: whatever is kept is asked
    about each time."""

    def __init__(
        self, clock: Clock, bound_seconds: float, *, max_entries: int = MAX_ENTRIES, max_bytes: int = MAX_BYTES
    ) -> None:
        self._clock, self._bound = clock, bound_seconds
        self._max_entries, self._max_bytes = max_entries, max_bytes
        self._kept: OrderedDict[ConfigKey, _Kept] = OrderedDict()
        self._bytes = 0
        self._changing = threading.Lock()
        self._flights: Flights[ConfigKey, _Told] = Flights()

    def find(self, key: ConfigKey) -> Held | None:
        kept = self._kept.get(key)
        if kept is None:
            return None
        age = self._clock.monotonic() - kept.asked_at
        return Held(kept.layers, age, age < self._bound_of(kept.layers))

    def ask(self, key: ConfigKey, question: Question, at_least: int) -> Held:
        came = self.now()

        def serves(told: _Told) -> bool:
            return came - told.asked_at < self._bound_of(told.layers) and told.layers.revision >= at_least

        told = self._flights.ask(key, lambda: self._told(key, question, at_least), serves)
        return Held(told.layers, max(0.0, came - told.asked_at), level=told.level)

    def _told(self, key: ConfigKey, question: Question, at_least: int) -> _Told:
        """Somebody may have asked, and been told, while this thread was on its way here."""
        asked_at, held = self.now(), self.find(key)
        if held is not None and held.fresh and held.layers.revision >= at_least:
            return _Told(held.layers, "l1", asked_at - held.age_seconds)
        layers, level = question()
        self.keep(key, layers, asked_at)
        return _Told(layers, level, asked_at)

    def now(self) -> float:
        return self._clock.monotonic()

    def keep(self, key: ConfigKey, layers: Layers, asked_at: float) -> Held:
        with self._changing:
            before = self._kept.get(key)
            if before is None or _is_newer(layers, asked_at, before):
                self._put(key, _Kept(layers, asked_at, _size(layers)), before)
        return Held(layers)

    def _bound_of(self, layers: Layers) -> float:
        return self._bound if layers.bound_seconds is None else layers.bound_seconds

    def _put(self, key: ConfigKey, kept: _Kept, before: _Kept | None) -> None:
        self._kept[key] = kept
        self._kept.move_to_end(key)
        self._bytes += kept.size - (before.size if before else 0)
        while self._kept and (len(self._kept) > self._max_entries or self._bytes > self._max_bytes):
            _, dropped = self._kept.popitem(last=False)
            self._bytes -= dropped.size


def _is_newer(layers: Layers, asked_at: float, kept: _Kept) -> bool:
    """Of the same revisions, the later question."""
    new, old = layers.pins, kept.layers.pins
    return asked_at > kept.asked_at if new == old else new.may_follow(old)


def _size(layers: Layers) -> int:
    versions = [*layers.tenant.values(), *layers.platform.values()]
    return sum(2 * len(version.value) + _BYTES_BESIDE_A_VALUE for version in versions) + _BYTES_BESIDE_A_VALUE
