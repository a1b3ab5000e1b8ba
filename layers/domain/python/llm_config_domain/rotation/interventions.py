"""What people, services and the clock do to a rotation from outside."""

from dataclasses import dataclass, replace

from llm_config_domain import times
from llm_config_domain.errors import Conflict
from llm_config_domain.rotation.entries import BEFORE_PROMOTION, MAX_SERVICES, PATIENCE_SECONDS, Rotation, Status, Step
from llm_config_domain.rotation.evidence import Evidence
from llm_config_domain.rotation.steps import failing, fails
from llm_config_domain.rotation.transitions import Change, Standing, Transition, withdrawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Transition):
    """A service says that it is ready for the new version. Twice is once."""

    service: str

    def after(self, rotation: Rotation, standing: Standing, at: str) -> Change | None:
        if rotation.status.ended:
            raise Conflict("this rotation is over: there is nothing to acknowledge")
        if self.service in rotation.acknowledgements:
            return None
        if len(rotation.acknowledgements) == MAX_SERVICES:
            raise Conflict(f"a rotation takes the acknowledgements of {MAX_SERVICES} services")
        came = {**rotation.acknowledgements, self.service: at}
        return Change(replace(rotation.took(Step.ACKNOWLEDGE, at, "came in"), acknowledgements=came))


@dataclass(frozen=True, slots=True, kw_only=True)
class Aborted(Transition):
    """All is taken back: before the promotion as if it had never been, in the grace the old version is in use again."""

    def after(self, rotation: Rotation, standing: Standing, at: str) -> Change | None:
        if rotation.status.ended or rotation.step is Step.RETIRE:
            raise Conflict("this rotation is over, or its old version is revoked: it cannot be aborted any more")
        if rotation.step is Step.WITHDRAW:
            return None if rotation.runs else _again(rotation, at, Step.ABORT, "withdraws again")
        if rotation.step in BEFORE_PROMOTION:
            return _newest_run(withdrawing(rotation, standing, at, Status.ABORTED, "aborted", step=Step.ABORT))
        if not standing.readable(rotation.old_version):
            raise Conflict("the old version is revoked: there is none to go back to")
        return _newest_run(withdrawing(rotation, standing, at, Status.ROLLED_BACK, "aborted", step=Step.ABORT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Transition):
    """What was held goes on: without those who said nothing, or with one more look at who uses the old version."""

    def after(self, rotation: Rotation, standing: Standing, at: str) -> Change | None:
        if rotation.status is not Status.HELD:
            raise Conflict("this rotation is not held: there is nothing to resume")
        return _again(rotation, at, Step.RESUME, "resumed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarted(Transition):
    """The engine's run `attempt` is dead, or was parked: the next one begins. Of two at once one is counted."""

    attempt: int

    def after(self, rotation: Rotation, standing: Standing, at: str) -> Change | None:
        if not rotation.runs or rotation.attempt != self.attempt:
            return None
        taken = rotation.took(Step.RESTART, at, "started again", {"attempt": rotation.attempt + 1})
        return Change(replace(taken, attempt=rotation.attempt + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported(Transition):
    """New reports of use came in: where the new version fails, nobody waits for the next checkpoint."""

    evidence: Evidence

    def after(self, rotation: Rotation, standing: Standing, at: str) -> Change | None:
        watched = rotation.runs and rotation.step is Step.GRACE and standing.readable(rotation.old_version)
        if not watched or not fails(rotation, standing, self.evidence):
            return None
        return _newest_run(failing(rotation, standing, at, self.evidence))


def due_at(rotation: Rotation) -> str | None:
    """When somebody must look whether it still runs: None when nobody must."""
    if not rotation.runs:
        return None
    return times.rfc3339(times.later(times.parse(rotation.not_before), PATIENCE_SECONDS))


def _again(rotation: Rotation, at: str, step: Step, outcome: str) -> Change:
    ready = max(at, rotation.not_before)
    taken = rotation.took(step, at, outcome)
    return Change(replace(taken, status=Status.RUNNING, attempt=rotation.attempt + 1, not_before=ready))


def _newest_run(change: Change) -> Change:
    """A new run of the engine takes it from here; the one that sleeps wakes too late."""
    return replace(change, rotation=replace(change.rotation, attempt=change.rotation.attempt + 1))
