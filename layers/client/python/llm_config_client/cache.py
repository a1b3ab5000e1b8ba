"""Resolved configs in the memory of a program: a look at one that is fresh costs no request and less than a microsecond.

A kept value is fresh for `bound_seconds`. After that the service is asked whether it still stands (`If-None-Match`: 304
without a body). When nobody answers, the last value goes on being given for `stale_seconds`, and `held` says that it is
stale; then the failure is raised. Each question names the revision that is held, so a container of the service that
knows less looks into the store before it answers, and an older answer is not taken: what a program has seen does not go
back. Values are frozen: a program that edits one would edit the cache. Secrets are not asked for.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from types import MappingProxyType

from llm_config_client.calls.config_reads import resolve
from llm_config_client.client import Client
from llm_config_client.core import Call
from llm_config_client.errors import NotModified, Unreachable
from llm_config_contract.resolved import ResolvedConfig
from llm_config_domain.environments import canonical
from llm_config_domain.errors import Malformed, Unavailable
from llm_config_domain.json_text import Json

Key = tuple[str, str]
"""(path, environment)."""


PAUSE_SECONDS = 1.0
"""Between two questions while nobody answers."""


@dataclass(frozen=True, slots=True)
class HeldConfig:
    """`age_seconds`: how long ago the service is known to have had nothing newer. `stale`: over the bound, and nobody
    answered."""

    value: Json
    version: int
    revision: int
    age_seconds: float
    stale: bool


@dataclass(slots=True)
class _Kept:
    value: Json
    ask_at: float
    as_of: float
    body: ResolvedConfig


class ConfigCache:
    """For threads. `monotonic` is a clock in seconds, for tests."""

    def __init__(
        self,
        client: Client,
        *,
        bound_seconds: float = 5.0,
        stale_seconds: float = 300.0,
        max_entries: int = 10_000,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._monotonic = client, monotonic
        self._bound, self._stale, self._max_entries = bound_seconds, stale_seconds, max_entries
        self._kept: OrderedDict[Key, _Kept] = OrderedDict()
        self._asking: dict[Key, Lock] = {}
        self._changing = Lock()

    def get(self, path: str, environment: str) -> Json:
        """The value, frozen: objects are read-only mappings, arrays are tuples. Raises what `Client.resolve` raises."""
        kept = self._kept.get((path, environment))
        if kept is not None and self._monotonic() < kept.ask_at:
            return kept.value
        return self._renewed((path, environment)).value

    def held(self, path: str, environment: str) -> HeldConfig:
        """The same, with its version, its revision and how far it may be believed."""
        self.get(path, environment)
        kept, now = self._kept[path, environment], self._monotonic()
        age = now - kept.as_of
        return HeldConfig(kept.value, kept.body.version, kept.body.revision, age, stale=age >= self._bound)

    def forget(self) -> None:
        """Ask anew for everything."""
        with self._changing:
            self._kept.clear()

    def _renewed(self, key: Key) -> _Kept:
        """One thread asks for a key; the others wait for its answer instead of asking too."""
        with self._changing:
            asking = self._asking.setdefault(key, Lock())
        with asking:
            kept, now = self._kept.get(key), self._monotonic()
            if kept is not None and now < kept.ask_at:
                return kept
            return self._put(key, self._asked(key, kept, now))

    def _asked(self, key: Key, kept: _Kept | None, now: float) -> _Kept:
        try:
            body = self._resolved(key, kept)
        except (Unreachable, Unavailable):
            if kept is None or now - kept.as_of > self._bound + self._stale:
                raise
            return replace(kept, ask_at=now + PAUSE_SECONDS)
        as_of = now - body.age_seconds
        value = kept.value if kept is not None and body is kept.body else frozen(body.value)
        return _Kept(value, as_of + self._bound, as_of, body)

    def _resolved(self, key: Key, kept: _Kept | None) -> ResolvedConfig:
        held = kept.body if kept is not None else None
        try:
            body = self._answered(key, held)
        except NotModified:
            if held is None:
                raise
            return held
        return held if held is not None and body.revision < held.revision else body

    def _answered(self, key: Key, held: ResolvedConfig | None) -> ResolvedConfig:
        if held is None:
            return self._client.send(_question(key, None, None)).body
        try:
            return self._client.send(_question(key, held.etag, held.revision)).body
        except Malformed:  # the namespace is not so far: the store was brought back to an earlier moment
            return self._client.send(_question(key, held.etag, None)).body

    def _put(self, key: Key, kept: _Kept) -> _Kept:
        with self._changing:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            self._asking.pop(key, None)
            while len(self._kept) > self._max_entries:
                self._kept.popitem(last=False)
        return kept


def _question(key: Key, etag: str | None, min_revision: int | None) -> Call[ResolvedConfig]:
    path, environment = key
    return resolve(path, environment=canonical(environment), min_revision=min_revision, if_none_match=etag)


def frozen(value: Json) -> Json:
    """`value` as nobody can change it."""
    if isinstance(value, Mapping):
        return MappingProxyType({name: frozen(member) for name, member in value.items()})
    if isinstance(value, list):
        return tuple(frozen(item) for item in value)
    return value
