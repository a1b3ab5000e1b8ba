"""What a program's memory of configs believes and what it asks, without IO; `cache` and `async_cache` move the questions.

A kept value is fresh for as long as its namespace says (`Cache-Control`), for five seconds where that says nothing,
and never for longer than the program's own `bound_seconds`. After that the service is asked whether it still stands
(`If-None-Match`: 304 without a body). When nobody answers, the last value goes on being given for `stale_seconds`,
and `held` says that it is stale; then the failure is raised. Each question names the revision that is held, so a
container of the service that knows less looks into the store before it answers, and an older answer is not taken:
what a program has seen does not go back. Values are frozen: a program that edits one would edit the cache. Secrets
are not asked for.
"""

import re
import time
from collections import OrderedDict
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from threading import Lock
from types import MappingProxyType
from typing import Generic, TypeVar

from llm_config_client.calls.config_reads import resolve
from llm_config_client.core import Answer, Call, Headers
from llm_config_client.errors import NotModified, Unreachable
from llm_config_contract.resolved import ResolvedConfig
from llm_config_domain.environments import canonical
from llm_config_domain.errors import Malformed, Unavailable
from llm_config_domain.json_text import Json

C = TypeVar("C")
Key = tuple[str, str]
"""(path, environment)."""


BOUND_SECONDS = 5.0
PAUSE_SECONDS = 1.0
"""Between two questions while nobody answers."""
_MAX_AGE = re.compile(r"max-age=(\d{1,4})\b")


@dataclass(frozen=True, slots=True)
class HeldConfig:
    """`age_seconds`: how long ago the service is known to have had nothing newer. `stale`: over the bound, and nobody
    answered."""

    value: Json
    version: int
    revision: int
    age_seconds: float
    stale: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """What the service says: `bound` None where it leaves that to the program."""

    body: ResolvedConfig
    bound: float | None
    age: float


@dataclass(slots=True)
class Kept:
    value: Json
    ask_at: float
    as_of: float
    bound: float
    body: ResolvedConfig


Asking = Generator[Call[ResolvedConfig], Answer[ResolvedConfig], Kept]
"""Yields what to send, is told the answer or thrown what it came to, and returns what is known then."""
Newest = Generator[Call[ResolvedConfig], Answer[ResolvedConfig], _Said]


class HeldConfigs(Generic[C]):
    """What the caches of both clients are. `bound_seconds` left out: what the namespace says alone. `monotonic` is a clock in
    seconds, for tests."""

    def __init__(
        self,
        client: C,
        *,
        bound_seconds: float | None = None,
        stale_seconds: float = 300.0,
        max_entries: int = 10_000,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._monotonic = client, monotonic
        self._bound, self._stale, self._max_entries = bound_seconds, stale_seconds, max_entries
        self._changing = Lock()
        self.forget()

    def forget(self) -> None:
        """Ask anew for everything. What is being asked for already is not taken any more."""
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def _is_fresh(self, kept: Kept) -> bool:
        return self._monotonic() < kept.ask_at

    def _told(self, kept: Kept) -> HeldConfig:
        age = self._monotonic() - kept.as_of
        return HeldConfig(kept.value, kept.body.version, kept.body.revision, age, stale=age >= kept.bound)

    def _asking(self, key: Key) -> Asking:
        """One question about a key, to its end: what is kept then."""
        shelf, now = self._kept, self._monotonic()
        kept = shelf.get(key)
        if kept is not None and now < kept.ask_at:
            return kept
        return self._put(shelf, key, (yield from self._judged(key, kept, now)))

    def _judged(self, key: Key, kept: Kept | None, now: float) -> Asking:
        try:
            said = yield from _newest(key, kept.body if kept is not None else None)
        except (Unreachable, Unavailable):
            if kept is None or now - kept.as_of > kept.bound + self._stale:
                raise
            return replace(kept, ask_at=now + PAUSE_SECONDS)
        as_of, bound = now - said.age, self._bound_of(said)
        value = kept.value if kept is not None and said.body is kept.body else frozen(said.body.value)
        return Kept(value, as_of + bound, as_of, bound, said.body)

    def _bound_of(self, said: _Said) -> float:
        if said.bound is None:
            return BOUND_SECONDS if self._bound is None else self._bound
        return said.bound if self._bound is None else min(said.bound, self._bound)

    def _put(self, shelf: OrderedDict[Key, Kept], key: Key, kept: Kept) -> Kept:
        with self._changing:
            shelf[key] = kept
            shelf.move_to_end(key)
            while len(shelf) > self._max_entries:
                shelf.popitem(last=False)
        return kept


def _newest(key: Key, held: ResolvedConfig | None) -> Newest:
    try:
        said = yield from _answered(key, held)
    except NotModified as same:
        if held is None:
            raise
        return _said(held, same.headers)
    return replace(said, body=held) if held is not None and said.body.revision < held.revision else said


def _answered(key: Key, held: ResolvedConfig | None) -> Newest:
    if held is None:
        answer = yield _question(key, None, None)
        return _said(answer.body, answer.headers)
    try:
        answer = yield _question(key, held.etag, held.revision)
    except Malformed:  # the namespace is not so far: the store was brought back to an earlier moment
        answer = yield _question(key, held.etag, None)
    return _said(answer.body, answer.headers)


def _said(body: ResolvedConfig, headers: Headers) -> _Said:
    bound = _MAX_AGE.search(headers.get("cache-control", ""))
    age = headers.get("age", "")
    return _Said(body, float(bound[1]) if bound else None, float(age) if age.isdecimal() else body.age_seconds)


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
