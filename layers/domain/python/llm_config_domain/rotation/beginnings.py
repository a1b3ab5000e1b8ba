"""How a rotation begins: on a secret that is in use, with a plan, one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from llm_config_domain.errors import Conflict, NotFound, ValueRefused, Violation
from llm_config_domain.names import Name
from llm_config_domain.rotation.entries import Rotation, Step
from llm_config_domain.rotation.plan import Cause, Wishes, plan
from llm_config_domain.rotation.settings import GENERIC, RotationSettings
from llm_config_domain.rotation.transitions import STARTED, Change
from llm_config_domain.secrets.entries import SecretHead, SecretMetadata, SecretType

VALID_ELSEWHERE = frozenset(
    {SecretType.API_KEY, SecretType.DATABASE_CREDENTIALS, SecretType.OAUTH_TOKEN, SecretType.CLOUD_CREDENTIALS}
)
"""Types of credentials that another system gives out: what the product makes of itself is worth nothing there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """`due` is the time of the schedule that has come, where one has: a schedule that has moved on begins nothing.
    `requires_target`: a value that is valid elsewhere is not replaced by one that nobody there knows."""

    rotation_id: str
    name: Name
    cause: Cause
    requested_by: str
    wishes: Wishes
    reason: str | None = None
    due: str | None = None
    requires_target: bool = False

    def check(self, head: SecretHead, *, runs: bool) -> None:
        """`runs`: one has not ended. Raises NotFound, Conflict."""
        if head.deleted or head.current is None:
            raise NotFound("there is no such secret in this environment, or none of its versions is in use")
        if runs:
            raise Conflict("a rotation of this secret runs: wait for its end, or abort it")

    def after(self, head: SecretHead, current: SecretMetadata, settings: RotationSettings | None, *, at: str) -> Change:
        """`current` is the version in use. Raises Conflict when the schedule that was due has moved on, ValueRefused
        where a target is required and none is known. What is compromised waits for nothing that was said for other days."""
        if self.due is not None and (settings is None or settings.next_at != self.due):
            raise Conflict("this time of the schedule has been served already, or the schedule was changed")
        target = _target(settings)
        if self.requires_target and current.type in VALID_ELSEWHERE and target["kind"] == GENERIC["kind"]:
            missing = Violation("/target", "known", "nobody has said where this credential is valid")
            raise ValueRefused("no rotation target of this secret is known", violations=[missing])
        usual = settings.wishes if settings and self.cause is not Cause.COMPROMISED else Wishes()
        wishes = self.wishes.over(usual)
        rotation = Rotation(
            id=self.rotation_id,
            name=self.name,
            secret_type=current.type,
            target=target,
            plan=plan(self.cause, current.type, wishes),
            requested_by=self.requested_by,
            started_at=at,
            old_version=current.version,
            old_version_id=current.version_id,
            planned_version=head.newest + 1,
            reason=self.reason,
            not_before=at,
            sequence=0,
        ).took(Step.PLAN, at, "planned")
        moved_on = settings.following(at) if settings and self.due is not None else None
        return Change(rotation, STARTED, version=current.version, settings=moved_on)


def _target(settings: RotationSettings | None) -> Mapping[str, Any]:
    return settings.target if settings else GENERIC
