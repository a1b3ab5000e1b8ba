"""Who watches over a gateway's connection: what is kept of one, and when its credential is worth nothing any more.

The gateway hands a credential over once, with the handshake, so the row keeps who was verified by it, until when it holds
and by which key it was proven; never the credential.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from llm_config_domain import times
from llm_config_domain.api_keys import ApiKey
from llm_config_domain.callers import Caller
from llm_config_domain.errors import Unauthenticated
from llm_config_domain.names import TenantId

MAX_WATCHERS = 2000
"""Of one tenant at once."""
KEPT = timedelta(hours=2, minutes=5)
"""A gateway's connection lasts two hours at most (API Gateway's quotas), so no row is worth more."""
TURN = timedelta(seconds=60)
"""For so long nobody else tells a watcher: longer than a function that tells may run."""
TO_SUBSCRIBE = timedelta(seconds=10)
"""For who holds a place and says nothing."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """What is watched, from where on; `place` moves."""

    namespace: str
    environment: str | None
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Times are RFC 3339. `credential_ends` is none for what has no end, `api_key` the id of the key that proved the caller.
    `version` counts what was kept, `told_at` is when it was told last, and `turn_ends` says until when somebody is about to
    tell it."""

    connection: str
    caller: Caller
    opened_at: str
    credential_ends: str | None = None
    api_key: str | None = None
    subscription: Subscription | None = None
    told_at: str = ""
    turn_ends: str = ""
    version: int = 1

    @property
    def tenant(self) -> TenantId:
        return self.caller.tenant

    @property
    def forgotten_at(self) -> datetime:
        return times.parse(self.opened_at) + KEPT

    def to_record(self) -> dict[str, Any]:
        caller = {
            **_fields(self.caller),
            "roles": sorted(self.caller.roles),
            "attributes": dict(self.caller.attributes),
        }
        subscription = asdict(self.subscription) if self.subscription else None
        return {**_fields(self), "caller": caller, "subscription": subscription}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Watcher":
        told, held = record["caller"], record["subscription"]
        attributes = MappingProxyType(told["attributes"])
        caller = Caller(**{**told, "roles": frozenset(told["roles"]), "attributes": attributes})
        return cls(**{**record, "caller": caller, "subscription": Subscription(**held) if held else None})

    def is_told(self, now: datetime) -> bool:
        """Is somebody about to tell it?"""
        return times.rfc3339(now) < self.turn_ends

    def is_late(self, now: datetime) -> bool:
        """Has it had its time to subscribe, and has not?"""
        return self.subscription is None and now >= times.parse(self.opened_at) + TO_SUBSCRIBE

    def subscribed(self, asked: Subscription, now: datetime) -> "Watcher":
        """One that was just told what to watch, by somebody who goes on."""
        return replace(self, subscription=asked).taken(now)

    def taken(self, now: datetime) -> "Watcher":
        return replace(self, turn_ends=times.rfc3339(now + TURN))

    def told(self, place: str, now: datetime) -> "Watcher":
        """One that was told up to `place`, by somebody who goes on."""
        subscription = replace(self.subscription, place=place) if self.subscription else None
        return replace(self, subscription=subscription, told_at=times.rfc3339(now))

    def left(self) -> "Watcher":
        return replace(self, turn_ends="")

    def check(self, now: str, key: ApiKey | None) -> None:
        """Does its credential still hold? `key` is its API key as it is now. Raises Unauthenticated."""
        if self.credential_ends is not None and now >= self.credential_ends:
            raise Unauthenticated("the token has expired: get a new one")
        if self.api_key is None:
            return
        if key is None or key.revoked_at is not None or (key.expires_at is not None and now >= key.expires_at):
            raise Unauthenticated("the API key is not valid: use another one")


def _fields(of: Caller | Watcher) -> dict[str, Any]:
    return {name: getattr(of, name) for name in of.__slots__}
