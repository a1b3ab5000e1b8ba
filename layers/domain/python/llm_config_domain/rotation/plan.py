"""What a rotation is going to do: its durations, its strategy, and what happens where an answer is missing."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from llm_config_domain.secrets.entries import SecretType

DAY, HOUR, MINUTE = 86_400, 3_600, 60
NOTICE_SECONDS = 15 * MINUTE
ACKNOWLEDGEMENT_SECONDS = 5 * MINUTE
LONGEST_QUIET_SECONDS = DAY
GRACE_SECONDS: Mapping[SecretType, int] = {
    SecretType.DATABASE_CREDENTIALS: DAY,
    SecretType.CERTIFICATE: 2 * HOUR,
    SecretType.OAUTH_TOKEN: 5 * MINUTE,
}
"""By type; of every other it is `LONGEST_GRACE_SECONDS`, that of API keys."""
LONGEST_GRACE_SECONDS = 7 * DAY
MAX_SECONDS = 90 * DAY
CANARY_PERCENTAGE = 10
_PARTS_OF_GRACE = (1, 4, 12)
"""Of twelve: closer together at first. Reports of errors are looked at when they come; here it is who still uses what."""


class Strategy(StrEnum):
    DUAL = "dual"
    """Both versions are valid for a time of grace."""
    IMMEDIATE = "immediate"
    """Nobody is asked, and the old version goes at once."""
    CANARY = "canary"
    """As dual, but the new version comes into use only once some services report that they used it well."""


class Cause(StrEnum):
    MANUAL = "manual"
    SCHEDULED = "scheduled"
    COMPROMISED = "compromised"
    """Nobody is waited for, and no evidence keeps the old version alive."""
    POLICY_CHANGE = "policy_change"


class Missing(StrEnum):
    """What a missing acknowledgement means."""

    PROCEED = "proceed"
    HOLD = "hold"
    ABORT = "abort"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a request or a secret's own settings say about a rotation; what they leave out, its type decides."""

    strategy: Strategy | None = None
    notice_seconds: int | None = None
    acknowledgement_seconds: int | None = None
    grace_seconds: int | None = None
    quiet_seconds: int | None = None
    missing_acknowledgement: Missing | None = None
    canary_percentage: int | None = None

    def over(self, others: "Wishes") -> "Wishes":
        """These, and the others where these say nothing."""
        return replace(others, **{name: wish for name, wish in asdict(self).items() if wish is not None})

    def to_record(self) -> dict[str, Any]:
        return {name: wish for name, wish in asdict(self).items() if wish is not None}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Wishes":
        kinds: dict[str, Callable[[Any], Any]] = {"strategy": Strategy, "missing_acknowledgement": Missing}
        return cls(**{name: kinds.get(name, int)(wish) for name, wish in record.items()})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Durations are in seconds. `quiet_seconds`: nobody has used the old version for so long before it goes."""

    cause: Cause
    strategy: Strategy
    notice_seconds: int
    acknowledgement_seconds: int
    grace_seconds: int
    quiet_seconds: int
    missing_acknowledgement: Missing
    canary_percentage: int = CANARY_PERCENTAGE

    @property
    def compromised(self) -> bool:
        return self.cause is Cause.COMPROMISED

    @property
    def notice(self) -> int:
        """From the notice to the promotion: the window of acknowledgements lies inside."""
        return max(self.notice_seconds, self.acknowledgement_seconds)

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """When the grace is judged, in seconds after the promotion: at most three times, the last at its end.
        What is compromised is not watched: its old version only waits."""
        if self.compromised:
            return (self.grace_seconds,)
        return tuple(sorted({-(-self.grace_seconds * part // 12) for part in _PARTS_OF_GRACE}))

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Plan":
        told = {
            "cause": Cause(record["cause"]),
            "strategy": Strategy(record["strategy"]),
            "missing_acknowledgement": Missing(record["missing_acknowledgement"]),
        }
        return cls(**{**record, **told})


def plan(cause: Cause, secret_type: SecretType, wishes: Wishes) -> Plan:
    """What is compromised waits for nobody, whatever the type says; a wish that was said stands."""
    fast = cause is Cause.COMPROMISED or wishes.strategy is Strategy.IMMEDIATE
    usual_grace = 0 if fast else GRACE_SECONDS.get(secret_type, LONGEST_GRACE_SECONDS)
    notice = _said(wishes.notice_seconds, 0 if fast else NOTICE_SECONDS)
    grace = _said(wishes.grace_seconds, usual_grace)
    return Plan(
        cause=cause,
        strategy=Strategy.IMMEDIATE if cause is Cause.COMPROMISED else wishes.strategy or Strategy.DUAL,
        notice_seconds=notice,
        acknowledgement_seconds=_said(wishes.acknowledgement_seconds, min(ACKNOWLEDGEMENT_SECONDS, notice)),
        grace_seconds=grace,
        quiet_seconds=_said(wishes.quiet_seconds, min(LONGEST_QUIET_SECONDS, grace)),
        missing_acknowledgement=Missing.PROCEED if fast else wishes.missing_acknowledgement or Missing.PROCEED,
        canary_percentage=_said(wishes.canary_percentage, CANARY_PERCENTAGE),
    )


def _said(wish: int | None, usual: int) -> int:
    return usual if wish is None else wish
