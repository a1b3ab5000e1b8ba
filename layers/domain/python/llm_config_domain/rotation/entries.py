"""One rotation: where it stands, and what has happened in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from llm_config_domain import times
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation.plan import Plan
from llm_config_domain.secrets.entries import SecretType

MAX_STEPS = 100
MAX_SERVICES = 100
PATIENCE_SECONDS = 120
"""After so long past its time a step counts as dead, and somebody else begins it again."""


class Step(StrEnum):
    """What a rotation does next, or did."""

    PLAN = "plan"
    CREATE = "create"
    TEST = "test"
    NOTIFY = "notify"
    ACKNOWLEDGE = "acknowledge"
    PROMOTE = "promote"
    GRACE = "grace"
    RETIRE = "retire"
    WITHDRAW = "withdraw"
    DONE = "done"
    ABORT = "abort"
    RESUME = "resume"
    RESTART = "restart"


BEFORE_PROMOTION = (Step.CREATE, Step.TEST, Step.NOTIFY, Step.ACKNOWLEDGE, Step.PROMOTE)


class Status(StrEnum):
    RUNNING = "running"
    HELD = "held"
    """It waits for a person: what for, its last step says."""
    COMPLETED = "completed"
    FAILED = "failed"
    ABORTED = "aborted"
    ROLLED_BACK = "rolled_back"

    @property
    def ended(self) -> bool:
        return self not in (Status.RUNNING, Status.HELD)


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken. `evidence` is what it was decided on: figures and names, never a credential."""

    step: Step
    at: str
    outcome: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One credential's turn, as a target sees it: the same in every repetition of a step. `version` is the number that
    the new version was planned to get, `target` its kind and options, no secrets among them."""

    rotation_id: str
    name: Name
    secret_type: SecretType
    target: Mapping[str, Any]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """`sequence` counts the changes of this record: each is made on top of the one before. `attempt` counts the runs of
    the engine: a step of an earlier one comes too late. `ends_as` is what the rotation will be once it has withdrawn."""

    id: str
    name: Name
    secret_type: SecretType
    target: Mapping[str, Any]
    plan: Plan
    requested_by: str
    started_at: str
    old_version: int
    old_version_id: str
    planned_version: int
    reason: str | None = None
    status: Status = Status.RUNNING
    step: Step = Step.CREATE
    not_before: str = ""
    sequence: int = 1
    attempt: int = 1
    new_version: int | None = None
    new_version_id: str | None = None
    notified_at: str | None = None
    promoted_at: str | None = None
    extensions: int = 0
    ends_as: Status | None = None
    ended_at: str | None = None
    next_rotation_at: str | None = None
    acknowledgements: Mapping[str, str] = field(default_factory=dict)
    steps: tuple[Taken, ...] = ()

    @property
    def turn(self) -> Turn:
        return Turn(self.id, self.name, self.secret_type, self.target, self.planned_version)

    @property
    def runs(self) -> bool:
        return self.status is Status.RUNNING

    def is_due(self, step: Step, attempt: int, now: datetime) -> bool:
        """Is it this step's turn, asked by the engine's latest run? Its clock may be two seconds ahead of ours."""
        late = attempt < self.attempt
        return self.runs and self.step is step and not late and times.parse(self.not_before) <= times.later(now, 2)

    def took(self, step: Step, at: str, outcome: str, evidence: Mapping[str, Any] | None = None) -> "Rotation":
        """With one more step on record; the oldest ones but the first go where there are too many."""
        steps = (*self.steps, Taken(step, at, outcome, evidence or {}))
        kept = steps if len(steps) <= MAX_STEPS else (steps[0], *steps[-MAX_STEPS + 1 :])
        return replace(self, steps=kept, sequence=self.sequence + 1)

    def to_record(self) -> dict[str, Any]:
        """As JSON can hold it."""
        record = {name: getattr(self, name) for name in self.__slots__}
        return {
            **record,
            "name": asdict(self.name),
            "target": dict(self.target),
            "plan": self.plan.to_record(),
            "acknowledgements": dict(self.acknowledgements),
            "steps": [asdict(taken) for taken in self.steps],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> "Rotation":
        parts = {
            "name": _name(record["name"]),
            "secret_type": SecretType(record["secret_type"]),
            "plan": Plan.from_record(record["plan"]),
            "status": Status(record["status"]),
            "step": Step(record["step"]),
            "ends_as": Status(record["ends_as"]) if record["ends_as"] else None,
            "steps": tuple(Taken(**{**taken, "step": Step(taken["step"])}) for taken in record["steps"]),
        }
        stored = {name: record[name] for name in cls.__slots__ if name in record}
        return cls(**{**stored, **parts})


def _name(record: Mapping[str, str]) -> Name:
    return Name(TenantId(record["tenant"]), record["namespace"], record["key"], record["environment"])
