"""How a rotation moves on: each transition is pure and says what changes, in the rotation and in its secret.

A writer reads the rotation and what stands of its secret, asks `after`, and writes what it answers in one transaction;
None says that it is not this step's turn, so that a step may come twice, or late.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from llm_config_domain import times
from llm_config_domain.journal import JournalEntry
from llm_config_domain.policy import Resource
from llm_config_domain.rotation.entries import Rotation, Status, Step
from llm_config_domain.rotation.settings import RotationSettings
from llm_config_domain.secrets.entries import Mark, SecretDraft, SecretHead, SecretMetadata, SecretVersion, next_version
from llm_config_domain.secrets.lifecycle import After
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import ChangeType

ADVANCED = "rotation.advanced"
STARTED = "rotation.started"
HELD = "rotation.held"
PENDING = "secret.rotation_pending"
ROTATED = "secret.rotated"
REVOKED = "secret.revoked"
_CHANGE_TYPES = {ROTATED: ChangeType.ACTIVATE.value, REVOKED: ChangeType.REVOKE.value}
_SEVERITY = {HELD: "error", "rotation.failed": "error", "rotation.rolled_back": "warning"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands of a rotation's secret: its head, the marks of the old and the new version, how it rotates."""

    head: SecretHead
    marks: Mapping[int, Mark]
    settings: RotationSettings | None = None

    def readable(self, version: int | None) -> bool:
        return version is not None and version in self.marks and self.marks[version].readable


@dataclass(frozen=True, slots=True)
class Change:
    """What a transition leaves. `addition` becomes the next version of the secret, waiting, or at once with the mark
    that `after` has for it. `version` is the one that the event is about."""

    rotation: Rotation
    event_type: str = ADVANCED
    after: After | None = None
    addition: SecretDraft | None = None
    version: int | None = None
    previous_version: int | None = None
    settings: RotationSettings | None = None

    def added(
        self,
        draft: SecretDraft,
        head: SecretHead,
        shown: SecretMetadata | None,
        sealed: Sealed,
        *,
        at: str,
        revision: int,
    ) -> SecretVersion:
        """What its addition becomes on top of `head`."""
        return next_version(self.rotation.name, head, shown, draft, sealed, revision=revision, at=at)

    def told(self, entry: JournalEntry, *, at: str, revision: int) -> JournalEntry:
        """`entry` as the record of this change: of the secret, whatever the request was about."""
        rotation = self.rotation
        name, taken = rotation.name, rotation.steps[-1]
        told = entry.with_metadata(
            rotation_id=rotation.id,
            status=rotation.status.value,
            step=taken.step.value,
            outcome=taken.outcome,
            evidence=dict(taken.evidence),
            cause=rotation.plan.cause.value,
            change_type=ChangeType.UPDATE.value if self.addition else _CHANGE_TYPES.get(self.event_type, "rotate"),
            version=self.version or rotation.new_version or rotation.old_version,
            previous_version=self.previous_version,
            revision=revision,
            reason=entry.metadata.get("reason") or rotation.reason,
        )
        severity = _SEVERITY.get(self.event_type, entry.severity)
        resource = Resource("secrets", name.path, name.environment)
        return replace(told, at=at, event_type=self.event_type, severity=severity, resource=resource)


@dataclass(frozen=True, slots=True)
class Advanced:
    """What a writer did: the rotation as it stands now, whether this call changed it, or an earlier one with its key."""

    rotation: Rotation
    changed: bool = True
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition(ABC):
    @abstractmethod
    def after(self, rotation: Rotation, standing: Standing, at: str) -> Change | None:
        """`at` is the stamp of the change, RFC 3339. Raises Conflict where a person asked for what cannot be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineStep(Transition):
    """A step that the engine takes, in the run `attempt`."""

    attempt: int
    step: Step

    def after(self, rotation: Rotation, standing: Standing, at: str) -> Change | None:
        if not rotation.is_due(self.step, self.attempt, times.parse(at)):
            return None
        return self._after(rotation, standing, at)

    @abstractmethod
    def _after(self, rotation: Rotation, standing: Standing, at: str) -> Change | None:
        """`after`, once it is this step's turn."""


def later(at: str, seconds: int) -> str:
    return times.rfc3339(times.later(times.parse(at), seconds))


def superseded(rotation: Rotation, standing: Standing) -> bool:
    """Somebody else has put another version in use since the rotation began, or none."""
    head = standing.head
    return head.deleted or head.current is None or head.current not in (rotation.old_version, rotation.new_version)


def onward(rotation: Rotation, step: Step, at: str, outcome: str, **evidence: Any) -> Rotation:
    """`rotation` once it has taken its step: `step` is next, at once."""
    return replace(rotation.took(rotation.step, at, outcome, evidence), step=step, not_before=at)


def held(rotation: Rotation, at: str, reason: str, **evidence: Any) -> Change:
    """It waits for a person; its next step stays what it is."""
    return Change(replace(rotation.took(rotation.step, at, reason, evidence), status=Status.HELD), HELD)


def withdrawing(
    rotation: Rotation,
    standing: Standing,
    at: str,
    ends_as: Status,
    outcome: str,
    *,
    step: Step | None = None,
    **evidence: Any,
) -> Change:
    """The new version goes, in the store first: nobody can bring it into use while its target forgets it. Where it was
    in use, the old one is again."""
    new = rotation.new_version
    marks = {new: Mark.REVOKED} if new is not None and standing.readable(new) else {}
    in_use = new is not None and standing.head.current == new
    head = standing.head
    if in_use and not standing.readable(rotation.old_version):
        return held(rotation, at, "the new version is in use, and there is no old one to go back to")
    if in_use:
        head = replace(head, current=rotation.old_version, shown=rotation.old_version)
    taken = rotation.took(step or rotation.step, at, outcome, evidence)
    moved = replace(taken, step=Step.WITHDRAW, not_before=at, ends_as=ends_as, status=Status.RUNNING)
    event = ROTATED if in_use else REVOKED if marks else ADVANCED
    about = (rotation.old_version, new) if in_use else (new, None)
    return Change(moved, event, After(head, marks), version=about[0], previous_version=about[1])


def ended(rotation: Rotation, standing: Standing, at: str, status: Status, outcome: str, **evidence: Any) -> Change:
    """It is over, and its secret's next rotation is reckoned from now."""
    settings = standing.settings.following(at) if standing.settings else None
    taken = rotation.took(rotation.step, at, outcome, evidence)
    over = replace(
        taken,
        status=status,
        step=Step.DONE,
        not_before=at,
        ended_at=at,
        next_rotation_at=settings.next_at if settings else None,
    )
    return Change(over, f"rotation.{status.value}", settings=settings)
