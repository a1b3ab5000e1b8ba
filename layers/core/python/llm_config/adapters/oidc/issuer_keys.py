"""The public keys of trusted issuers, fetched from where the deployment says and kept for five minutes."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from llm_config.ports.clock import Clock
from llm_config_domain.errors import Unavailable
from llm_config_domain.key_sets import choose_key

KEPT_SECONDS = 300
UNKNOWN_KEY_PAUSE_SECONDS = 60
Fetch = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class _KeySet:
    """`asked_at` is when a fetch was last begun, whether it brought anything or not."""

    keys: Sequence[Mapping[str, Any]]
    fetched_at: float
    asked_at: float


class OidcIssuerKeys:
    """Implements `issuer_keys`. `issuers` is {issuer: URL of its JWK set}; `fetch` raises Unavailable.

    A `kid` that is not in the kept set may be a new one, so the set is fetched again, but at most once a minute:
    tokens with invented ids cannot make this service hammer an issuer.
    """

    def __init__(self, issuers: Mapping[str, str], clock: Clock, fetch: Fetch) -> None:
        self._issuers, self._clock, self._fetch = issuers, clock, fetch
        self._kept: dict[str, _KeySet] = {}
        self._lock = threading.Lock()

    def find(self, issuer: str, kid: str | None) -> Mapping[str, Any] | None:
        if issuer not in self._issuers:
            return None
        with self._lock:
            now = self._clock.monotonic()
            kept = self._kept.get(issuer)
            if kept is None or now - kept.fetched_at >= KEPT_SECONDS:
                kept = self._fetched(issuer, now)
            found = choose_key(kept.keys, kid)
            if found is None and now - kept.asked_at >= UNKNOWN_KEY_PAUSE_SECONDS:
                self._kept[issuer] = replace(kept, asked_at=now)
                found = choose_key(self._fetched(issuer, now).keys, kid)
            return found

    def _fetched(self, issuer: str, now: float) -> _KeySet:
        keys = _key_set(self._fetch(self._issuers[issuer]))
        self._kept[issuer] = _KeySet(keys, fetched_at=now, asked_at=now)
        return self._kept[issuer]


def _key_set(document: bytes) -> Sequence[Mapping[str, Any]]:
    try:
        keys = json.loads(document)["keys"]
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable("the issuer's keys cannot be read now") from error
    if not isinstance(keys, list):
        raise Unavailable("the issuer's keys cannot be read now")
    return [key for key in keys if isinstance(key, dict)]
