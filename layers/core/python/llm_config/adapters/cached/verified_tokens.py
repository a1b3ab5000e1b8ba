"""Tokens that were verified in the last minute, by their digest, in the memory of a process."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from llm_config.ports.clock import Clock

KEPT_SECONDS = 60
MAX_ENTRIES = 10_000


class MemoryVerifiedTokens:
    """Implements `verified_tokens`."""

    def __init__(self, clock: Clock, *, max_entries: int = MAX_ENTRIES) -> None:
        self._clock, self._max_entries = clock, max_entries
        self._kept: OrderedDict[bytes, tuple[float, Mapping[str, Any]]] = OrderedDict()
        self._changing = threading.Lock()

    def find(self, token: str) -> Mapping[str, Any] | None:
        kept = self._kept.get(_digest(token))
        if kept is None or self._clock.monotonic() - kept[0] >= KEPT_SECONDS:
            return None
        return kept[1]

    def keep(self, token: str, claims: Mapping[str, Any]) -> None:
        with self._changing:
            self._kept[_digest(token)] = (self._clock.monotonic(), MappingProxyType(dict(claims)))
            self._kept.move_to_end(_digest(token))
            while len(self._kept) > self._max_entries:
                self._kept.popitem(last=False)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
