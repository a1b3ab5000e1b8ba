"""A rotation and its secret without a store: transitions applied as a writer applies them."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from llm_config_domain import times
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation.beginnings import Beginning
from llm_config_domain.rotation.entries import Rotation, Step
from llm_config_domain.rotation.evidence import Evidence, Usage
from llm_config_domain.rotation.plan import Cause, Wishes
from llm_config_domain.rotation.settings import RotationSettings
from llm_config_domain.rotation.steps import (
    Created,
    Gathered,
    GaveUp,
    Judged,
    Notified,
    Passed,
    Promoted,
    Retired,
    Withdrawn,
)
from llm_config_domain.rotation.transitions import Change, EngineStep, Standing, Transition
from llm_config_domain.secrets.entries import Mark, SecretDraft, SecretHead, SecretMetadata, SecretType, Stage
from llm_config_domain.secrets.lifecycle import Move
from llm_config_domain.versions import ChangeType

START = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
NAME = Name(TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), "keys", "main", "production")
ROTATION_ID = "01HZZZZZZZZZZZZZZZZZ000001"


def drafted(version_id: str = "new-id") -> SecretDraft:
    return SecretDraft(
        type=SecretType.API_KEY, author="system:rotation", new_id="x", version_id=version_id, activate=False
    )


def metadata(version: int, secret_type: SecretType = SecretType.API_KEY) -> SecretMetadata:
    about: dict[str, Any] = dict.fromkeys(("created_at", "updated_at"), times.rfc3339(START))
    about |= dict.fromkeys(("id", "created_by", "updated_by", "classification"), "x")
    return SecretMetadata(name=NAME, version=version, revision=1, change_type=ChangeType.CREATE, tags={}, reason=None,
                          version_id="old-id", type=secret_type, stage=Stage.CURRENT, **about)  # fmt: skip


def used(service: str, version_id: str = "old-id", uses: int = 20, errors: int = 0, at: datetime = START) -> Usage:
    return Usage(service=service, version_id=version_id).plus(uses, errors, times.rfc3339(at))


@dataclass
class Bench:
    """The secret's versions, its rotation, and a clock. `moment` moves by hand."""

    head: SecretHead = field(default_factory=lambda: SecretHead(1, 1, 1))
    marks: dict[int, Mark] = field(default_factory=lambda: {1: Mark.LIVE})
    settings: RotationSettings | None = None
    moment: datetime = START
    events: list[str] = field(default_factory=list)
    rotation: Rotation = field(init=False)

    def begin(
        self,
        cause: Cause = Cause.MANUAL,
        secret_type: SecretType = SecretType.API_KEY,
        *,
        requires_target: bool = False,
        **wishes: Any,
    ) -> "Bench":
        beginning = Beginning(
            rotation_id=ROTATION_ID,
            name=NAME,
            cause=cause,
            requested_by="user:ana",
            wishes=Wishes(**wishes),
            requires_target=requires_target,
        )
        current = metadata(self.head.current or 0, secret_type)
        change = beginning.after(self.head, current, self.settings, at=self.at)
        self._write(change)
        return self

    @property
    def at(self) -> str:
        return times.rfc3339(self.moment)

    @property
    def standing(self) -> Standing:
        return Standing(self.head, dict(self.marks), self.settings)

    def apply(self, transition: Transition) -> Change | None:
        change = transition.after(self.rotation, self.standing, self.at)
        if change is not None:
            self._write(change)
        return change

    def take(self, evidence: Evidence | None = None, version_id: str = "new-id") -> Change | None:
        """The step that is next, by the engine's newest run."""
        return self.apply(self.next_step(evidence or Evidence(), version_id))

    def next_step(self, evidence: Evidence, version_id: str = "new-id") -> EngineStep:
        attempt = self.rotation.attempt
        steps: dict[Step, EngineStep] = {
            Step.CREATE: Created(attempt=attempt, draft=drafted(version_id)),
            Step.TEST: Passed(attempt=attempt),
            Step.NOTIFY: Notified(attempt=attempt),
            Step.ACKNOWLEDGE: Gathered(attempt=attempt, evidence=evidence),
            Step.PROMOTE: Promoted(attempt=attempt, evidence=evidence),
            Step.GRACE: Judged(attempt=attempt, evidence=evidence),
            Step.RETIRE: Retired(attempt=attempt),
            Step.WITHDRAW: Withdrawn(attempt=attempt),
        }
        return steps[self.rotation.step]

    def give_up(self, why: str = "target_refused") -> Change | None:
        return self.apply(GaveUp(attempt=self.rotation.attempt, step=self.rotation.step, why=why))

    def reach(self, step: Step, evidence: Evidence | None = None) -> "Bench":
        """Take steps, waiting for each, until `step` is next."""
        while self.rotation.step is not step and self.rotation.runs:
            self.wait()
            assert self.take(evidence) is not None
        return self

    def wait(self) -> None:
        self.moment = max(self.moment, times.parse(self.rotation.not_before))

    def move(self, move: Move) -> None:
        """What a person does to the secret meanwhile."""
        after = move.after(self.head, self.marks)
        if after is not None:
            self.head, self.marks = after.head, {**self.marks, **after.marks}

    def write(self) -> int:
        """Somebody stores a new version of the secret, in use at once."""
        version = self.head.newest + 1
        self.head, self.marks[version] = SecretHead(version, version, version), Mark.LIVE
        return version

    def _write(self, change: Change) -> None:
        if change.addition is not None:
            version = self.head.newest + 1
            self.head, self.marks[version] = replace(self.head, newest=version), Mark.PENDING
        if change.after is not None:
            newest = max(change.after.head.newest, self.head.newest)
            self.head = replace(change.after.head, newest=newest)
            self.marks |= change.after.marks
        self.rotation = change.rotation
        self.settings = change.settings or self.settings
        self.events.append(change.event_type)
