"""Subscriptions: who is told of a tenant's changes by webhook, of which, and what becomes of one that does not answer.

A subscription follows the tenant's lines of changes as any consumer does: a mark on each line says what it was told. What
fails is tried again from there, later and later; the steps are those of the Standard Webhooks specification's example.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from llm_config_domain import times
from llm_config_domain.lines import Line, LineKind
from llm_config_domain.names import Name, TenantId
from llm_config_domain.policy import matches_glob
from llm_config_domain.secrets.values import Sealed

RETRIES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600)
)
"""After the first failure, the second, ...; the last is repeated."""
PATIENCE = timedelta(days=5)
"""How long everything may fail before a subscription is switched off."""
OWN = "*"
"""Among the namespaces of a subscription: also what is the tenant's own, which is in none."""
MAX_SUBSCRIPTIONS = 100
"""Of one tenant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """`namespaces` are globs, `types` event types on the wire, all of them where there is none. Times are RFC 3339."""

    id: str
    tenant: TenantId
    url: str
    namespaces: tuple[str, ...]
    types: tuple[str, ...]
    description: str
    created_at: str
    created_by: str
    disabled_at: str | None = None
    deleted_at: str | None = None

    @property
    def is_active(self) -> bool:
        return self.disabled_at is None and self.deleted_at is None

    @property
    def version(self) -> int:
        """1 as it was made; one more when it was switched off, and when it was deleted."""
        return 1 + (self.disabled_at is not None) + (self.deleted_at is not None)

    @property
    def consumer(self) -> str:
        """Whose marks on the lines are this subscription's."""
        return f"webhook:{self.id}"

    @property
    def name(self) -> Name:
        """What its signing secret is sealed for. No key of a secret has capitals, so none is called the same."""
        return Name(self.tenant, "subscriptions", self.id, "global")

    @property
    def told(self) -> dict[str, Any]:
        """What the record of a change says of it."""
        return {"namespaces": list(self.namespaces), "types": list(self.types)}

    def follows(self, line: Line) -> bool:
        if line.kind is LineKind.CONTROL:
            return OWN in self.namespaces
        return any(matches_glob(glob, line.namespace) for glob in self.namespaces)

    def wants(self, event: Mapping[str, Any]) -> bool:
        return not self.types or event["type"] in self.types

    def disabled(self, at: str) -> "Subscription":
        return replace(self, disabled_at=at)

    def deleted(self, at: str) -> "Subscription":
        return replace(self, deleted_at=at)

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Subscription":
        lists = {name: tuple(record[name]) for name in ("namespaces", "types")}
        return cls(**{**record, **lists})


@dataclass(frozen=True, slots=True)
class HeldSubscription:
    """A subscription as it is stored, with its signing secret under the tenant's key."""

    subscription: Subscription
    secret: Sealed = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryState:
    """How the deliveries of a subscription go. `failures` in a row, since `failing_since`; nothing is sent before
    `next_at`. `last_failure` is a word: what kind it was."""

    failures: int = 0
    failing_since: str | None = None
    next_at: str | None = None
    last_success_at: str | None = None
    last_failure_at: str | None = None
    last_failure: str | None = None

    def waits(self, now: datetime) -> bool:
        return self.next_at is not None and times.rfc3339(now) < self.next_at

    def succeeded(self, now: datetime) -> "DeliveryState":
        return DeliveryState(
            last_success_at=times.rfc3339(now), last_failure_at=self.last_failure_at, last_failure=self.last_failure
        )

    def failed(self, now: datetime, kind: str) -> "DeliveryState":
        wait = RETRIES[min(self.failures, len(RETRIES) - 1)]
        at = times.rfc3339(now)
        return replace(
            self,
            failures=self.failures + 1,
            failing_since=self.failing_since or at,
            next_at=times.rfc3339(now + wait),
            last_failure_at=at,
            last_failure=kind,
        )

    def is_hopeless(self, now: datetime) -> bool:
        """Nothing came through for as long as patience lasts."""
        return self.failing_since is not None and times.rfc3339(now - PATIENCE) >= self.failing_since

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "DeliveryState":
        return cls(**record)
