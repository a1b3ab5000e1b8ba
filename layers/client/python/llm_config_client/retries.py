"""Trying again, without IO: what may be repeated, how often, and after which pause."""

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic

from llm_config_client.address import Server
from llm_config_client.core import KEY_HEADER, Answer, Call, Headers, Received, T, read_answer
from llm_config_client.errors import Unreachable
from llm_config_domain.errors import InProgress, Refusal, Unavailable


def _new_key() -> str:
    return uuid.uuid4().hex


@dataclass(frozen=True, slots=True)
class Retries:
    """At most `attempts` tries, begun within `deadline_seconds` of the first.

    The pause before try n+1 is what the service asked for (Retry-After) and on top of it anything from nothing to
    `base_seconds` * 2^n (full jitter), so that clients which failed together do not come back together.
    """

    attempts: int = 3
    base_seconds: float = 0.2
    deadline_seconds: float = 30.0
    connect_seconds: float = 5.0
    answer_seconds: float = 30.0
    monotonic: Callable[[], float] = time.monotonic
    uniform: Callable[[float, float], float] = random.SystemRandom().uniform
    new_key: Callable[[], str] = _new_key


@dataclass(frozen=True, slots=True)
class Request:
    """The bytes to move. `seconds`: how long the answer may take."""

    method: str
    url: str
    headers: Headers = field(repr=False)
    content: bytes | None = field(repr=False)
    connect_seconds: float
    seconds: float


class Attempts(Generic[T]):
    """One call until it is answered. Every attempt of a write carries the same Idempotency-Key."""

    def __init__(self, call: Call[T], server: Server, retries: Retries) -> None:
        self._call, self._server, self._retries = call, server, retries
        self._made = 0
        self._end = retries.monotonic() + retries.deadline_seconds
        self._headers = {"accept": "application/json", **call.headers}
        if call.takes_key:
            self._headers.setdefault(KEY_HEADER, retries.new_key())

    def request(self) -> Request:
        """What to send now."""
        self._made += 1
        left = max(self._end - self._retries.monotonic(), 0.001)
        return Request(
            self._call.method,
            self._server.url + self._call.target,
            {**self._headers, **self._server.credential()},
            self._call.content,
            min(self._retries.connect_seconds, left),
            min(self._retries.answer_seconds, left),
        )

    def judge(self, outcome: Received | Unreachable) -> Answer[T] | float:
        """The answer, or the seconds to wait before the next attempt. Raises what the last attempt came to."""
        if isinstance(outcome, Unreachable):
            return self._again(outcome, 0 if self._call.repeatable else None)
        try:
            return read_answer(self._call, outcome)
        except InProgress as refusal:
            return self._again(refusal, refusal.retry_after or 0)
        except Unavailable as refusal:
            return self._again(refusal, refusal.retry_after if self._call.repeatable else None)

    def _again(self, error: Refusal | Unreachable, at_least: int | None) -> float:
        """`at_least` None: not to be repeated."""
        if at_least is None or self._made >= self._retries.attempts:
            raise error
        pause = at_least + self._retries.uniform(0, self._retries.base_seconds * 2**self._made)
        if self._retries.monotonic() + pause >= self._end:
            raise error
        return pause
