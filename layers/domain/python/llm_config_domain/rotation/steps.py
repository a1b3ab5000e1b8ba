"""The steps that the engine takes, in their order, and what each of them decides."""

from dataclasses import dataclass, replace
from typing import Any

from llm_config_domain import times
from llm_config_domain.rotation.entries import BEFORE_PROMOTION, Rotation, Status, Step
from llm_config_domain.rotation.evidence import Evidence
from llm_config_domain.rotation.plan import Missing, Strategy
from llm_config_domain.rotation.transitions import (
    HELD,
    PENDING,
    REVOKED,
    ROTATED,
    Change,
    EngineStep,
    Standing,
    ended,
    held,
    later,
    onward,
    superseded,
    withdrawing,
)
from llm_config_domain.secrets.entries import Mark, SecretDraft
from llm_config_domain.secrets.lifecycle import After

MAX_EXTENSIONS = 2
"""With the three checkpoints of the grace it is judged five times at most: one run enters no more than thirty states."""
SUPERSEDED = "superseded: the version in use was changed by somebody else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Created(EngineStep):
    """The target has made a new credential: it becomes the next version, and waits. What came too late to be wanted is
    kept all the same, revoked, until the target has forgotten it."""

    step: Step = Step.CREATE
    draft: SecretDraft

    def _after(self, rotation: Rotation, standing: Standing, at: str) -> Change:
        version = standing.head.newest + 1
        new = replace(rotation, new_version=version, new_version_id=self.draft.version_id)
        if superseded(rotation, standing):
            change = withdrawing(new, standing, at, Status.FAILED, SUPERSEDED)
            return replace(change, addition=self.draft, after=After(standing.head, {version: Mark.REVOKED}))
        return Change(onward(new, Step.TEST, at, "created", version=version), addition=self.draft, version=version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed(EngineStep):
    """The new credential works at its target."""

    step: Step = Step.TEST

    def _after(self, rotation: Rotation, standing: Standing, at: str) -> Change:
        return Change(onward(rotation, Step.NOTIFY, at, "passed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified(EngineStep):
    """Everybody is told, by the event of this change."""

    step: Step = Step.NOTIFY

    def _after(self, rotation: Rotation, standing: Standing, at: str) -> Change:
        plan = rotation.plan
        told = onward(rotation, Step.ACKNOWLEDGE, at, "notified", promotion_at=later(at, plan.notice))
        waiting = replace(told, notified_at=at, not_before=later(at, plan.acknowledgement_seconds))
        return Change(waiting, PENDING, version=rotation.new_version, previous_version=rotation.old_version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered(EngineStep):
    """The window of acknowledgements is over. Missing are the services that were seen with the old version and have said
    nothing; where nobody was seen and nobody spoke, the answer is missing too."""

    step: Step = Step.ACKNOWLEDGE
    evidence: Evidence

    def _after(self, rotation: Rotation, standing: Standing, at: str) -> Change:
        came = set(rotation.acknowledgements)
        missing = sorted(self.evidence.users - came)
        told: dict[str, Any] = {"acknowledged": sorted(came), "missing": missing[:20]}
        if came and not missing:
            return Change(self._waits(rotation, at, "acknowledged", told))
        policy = rotation.plan.missing_acknowledgement
        if policy is Missing.ABORT:
            return withdrawing(rotation, standing, at, Status.ABORTED, "not acknowledged: aborted", **told)
        waiting = self._waits(rotation, at, "not acknowledged", told)
        if policy is Missing.HOLD:
            return Change(replace(waiting, status=Status.HELD), HELD)
        return Change(waiting)

    def _waits(self, rotation: Rotation, at: str, outcome: str, told: dict[str, list[str]]) -> Rotation:
        moved = onward(rotation, Step.PROMOTE, at, outcome, **told)
        return replace(moved, not_before=later(rotation.notified_at or at, rotation.plan.notice))


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted(EngineStep):
    """The new version is in use from now on, and the old one stays valid for the time of grace."""

    step: Step = Step.PROMOTE
    evidence: Evidence

    def _after(self, rotation: Rotation, standing: Standing, at: str) -> Change:
        new, plan = rotation.new_version, rotation.plan
        if new is None or superseded(rotation, standing) or not standing.readable(new):
            return withdrawing(rotation, standing, at, Status.FAILED, SUPERSEDED)
        if plan.strategy is Strategy.CANARY and self.evidence.fails:
            return failing(rotation, standing, at, self.evidence)
        if plan.strategy is Strategy.CANARY and not self.evidence.canaries(plan.canary_percentage):
            return held(rotation, at, "too few services have tried the new version", **self.evidence.told())
        moved = onward(rotation, Step.GRACE, at, "promoted", version=new)
        waiting = replace(moved, promoted_at=at, not_before=later(at, plan.checkpoints[0]))
        head = replace(standing.head, current=new, shown=new)
        after = After(head, {new: Mark.LIVE})
        return Change(waiting, ROTATED, after, version=new, previous_version=rotation.old_version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged(EngineStep):
    """A checkpoint of the grace: go on, roll back, wait longer, or let the old version go."""

    step: Step = Step.GRACE
    evidence: Evidence

    def _after(self, rotation: Rotation, standing: Standing, at: str) -> Change:
        if standing.head.current == rotation.old_version:
            return withdrawing(rotation, standing, at, Status.ROLLED_BACK, "the old version was put in use again")
        if not standing.readable(rotation.old_version):
            return Change(onward(rotation, Step.RETIRE, at, "the old version is revoked already"))
        if standing.head.current is None:
            return held(rotation, at, "no version is in use: activate one, then resume or abort")
        if fails(rotation, standing, self.evidence):
            return failing(rotation, standing, at, self.evidence)
        now = max(at, rotation.not_before)
        ahead = (later(rotation.promoted_at or at, seconds) for seconds in rotation.plan.checkpoints)
        until = next((checkpoint for checkpoint in ahead if checkpoint > now), None)
        if until is None:
            return self._at_the_end(rotation, standing, at)
        watched = onward(rotation, Step.GRACE, at, "no reason to roll back", **self.evidence.told())
        return Change(replace(watched, not_before=until))

    def _at_the_end(self, rotation: Rotation, standing: Standing, at: str) -> Change:
        quiet_at = self.evidence.quiet_at(rotation.plan, rotation.promoted_at or at)
        if rotation.plan.compromised or quiet_at <= times.parse(at):
            return _revoked(rotation, standing, at, self.evidence)
        if rotation.extensions == MAX_EXTENSIONS:
            return held(rotation, at, "the old version is still in use", **self.evidence.told())
        longer = onward(rotation, Step.GRACE, at, "extended: the old version is still in use", **self.evidence.told())
        return Change(replace(longer, extensions=rotation.extensions + 1, not_before=times.rfc3339(quiet_at)))


def fails(rotation: Rotation, standing: Standing, evidence: Evidence) -> bool:
    """Does the new version, in use, fail more often than the old one did? What is compromised does not come back."""
    return evidence.fails and standing.head.current == rotation.new_version and not rotation.plan.compromised


def failing(rotation: Rotation, standing: Standing, at: str, evidence: Evidence) -> Change:
    """The new version fails more often: it goes, and what that was seen by is on record."""
    outcome = "the new version fails more often"
    return withdrawing(rotation, standing, at, Status.ROLLED_BACK, outcome, **evidence.told())


def _revoked(rotation: Rotation, standing: Standing, at: str, evidence: Evidence) -> Change:
    """In the store first: nobody can bring the old version into use while its target forgets it."""
    moved = onward(rotation, Step.RETIRE, at, "revoked", version=rotation.old_version, **evidence.told())
    after = After(standing.head, {rotation.old_version: Mark.REVOKED})
    return Change(moved, REVOKED, after, version=rotation.old_version, previous_version=rotation.old_version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired(EngineStep):
    """The target refuses the old credential from now on."""

    step: Step = Step.RETIRE

    def _after(self, rotation: Rotation, standing: Standing, at: str) -> Change:
        return ended(rotation, standing, at, Status.COMPLETED, "retired")


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(EngineStep):
    """The target has forgotten the new credential."""

    step: Step = Step.WITHDRAW

    def _after(self, rotation: Rotation, standing: Standing, at: str) -> Change:
        return ended(rotation, standing, at, rotation.ends_as or Status.FAILED, "withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp(EngineStep):
    """A step failed, and went on failing: before the promotion all is taken back, after it a person must look.
    `why` is the kind of the refusal."""

    why: str

    def _after(self, rotation: Rotation, standing: Standing, at: str) -> Change:
        outcome = f"failed: {self.why}"
        if rotation.step in BEFORE_PROMOTION:
            return withdrawing(rotation, standing, at, Status.FAILED, outcome)
        return held(rotation, at, outcome)
