"""What is known about who uses which version, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from llm_config_domain import times
from llm_config_domain.rotation.plan import Plan

FEWEST_USES = 10
"""Of fewer uses no rate is taken: one failure of two calls says nothing."""
TOLERATED_RISE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What one service has reported of one version: how often it used it, how often in vain, and when we heard last."""

    service: str
    version_id: str
    uses: int = 0
    errors: int = 0
    reported_at: str = ""

    def plus(self, uses: int, errors: int, at: str) -> "Usage":
        """A report without a use says only that the service is there."""
        heard = at if uses else self.reported_at
        return replace(self, uses=self.uses + uses, errors=self.errors + errors, reported_at=heard)

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Usage":
        return cls(**record)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """`old` and `new` are what services reported of both versions; `target_last_used` is when the target itself saw the
    old credential last, where it can tell."""

    old: Sequence[Usage] = ()
    new: Sequence[Usage] = ()
    target_last_used: str | None = None

    @property
    def last_used(self) -> str | None:
        """When the old version was used last, as far as anybody knows. None: nobody was ever seen with it."""
        seen = [usage.reported_at for usage in self.old if usage.uses]
        return max([*seen, *([self.target_last_used] if self.target_last_used else [])], default=None)

    @property
    def users(self) -> frozenset[str]:
        """The services that were seen with the old version."""
        return frozenset(usage.service for usage in self.old if usage.uses)

    @property
    def rise(self) -> float:
        """By how much more often the new version fails than the old one; 0 while too little is known of it."""
        tried = sum(usage.uses for usage in self.new)
        return _rate(self.new) - _rate(self.old) if tried >= FEWEST_USES else 0.0

    @property
    def fails(self) -> bool:
        return self.rise > TOLERATED_RISE

    def quiet_at(self, plan: Plan, since: str) -> datetime:
        """From when on the old version was not used for the quiet period: before `since` its use was no surprise."""
        last = self.last_used
        if last is None or last < since:
            return times.parse(since)
        return times.parse(last) + timedelta(seconds=plan.quiet_seconds)

    def canaries(self, percentage: int) -> bool:
        """Did enough of the services that use this secret use the new version?"""
        tried = {usage.service for usage in self.new if usage.uses}
        return bool(tried) and 100 * len(tried) >= percentage * len(tried | self.users)

    def told(self) -> dict[str, Any]:
        """As the record of a step: names of services and figures, no credential."""
        return {
            "last_used_at": self.last_used,
            "users": sorted(self.users)[:20],
            "old_uses": sum(usage.uses for usage in self.old),
            "new_uses": sum(usage.uses for usage in self.new),
            "error_rate_rise": round(self.rise, 4),
        }


def _rate(usages: Sequence[Usage]) -> float:
    uses = sum(usage.uses for usage in usages)
    return min(1.0, sum(usage.errors for usage in usages) / uses) if uses else 0.0
