"""Rotations on the wire. No model here holds a secret: versions are named by number and id."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from llm_config_contract.access import Id
from llm_config_contract.wire import (
    Environment,
    IdempotencyKey,
    ItemPath,
    NamedRequest,
    PageRequest,
    Reason,
    Time,
    Touch,
    Wire,
    from_header,
    from_path,
    from_query,
)
from llm_config_domain import json_text, names
from llm_config_domain.errors import Malformed
from llm_config_domain.rotation import named_secrets
from llm_config_domain.rotation.plan import MAX_SECONDS
from llm_config_domain.rotation.schedules import MAX_TEXT, MAX_TIMES

Seconds = Annotated[int, Field(ge=0, le=MAX_SECONDS)]
Percentage = Annotated[int, Field(ge=1, le=100)]
Count = Annotated[int, Field(ge=0, le=10**9)]
Cause = Literal["manual", "scheduled", "compromised", "policy_change"]
Strategy = Literal["dual", "immediate", "canary"]
Missing = Literal["proceed", "hold", "abort"]
Status = Literal["running", "held", "completed", "failed", "aborted", "rolled_back"]
ScheduleText = Annotated[
    str, Field(min_length=1, max_length=MAX_TEXT, description="cron, rate(12 hours), 90d, P90D, hourly ... quarterly")
]
TimeZone = Annotated[str, Field(min_length=1, max_length=64, description="a name of the IANA database")]
MAX_REPORTED = 100
MAX_TARGET_BYTES = 8192


def _service(text: str) -> str:
    if not text.isascii() or not text.isprintable() or "#" in text:
        raise Malformed("a service's name is printable ASCII without '#'")
    return text


Service = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(_service)]


class WishesBody(Wire):
    """What a rotation shall be like; what is left out, the secret's settings say, and then its type."""

    strategy: Strategy | None = None
    notice_seconds: Seconds | None = None
    acknowledgement_seconds: Seconds | None = None
    grace_seconds: Seconds | None = None
    quiet_seconds: Annotated[
        Seconds | None, Field(description="nobody has used the old version for so long before it goes")
    ] = None
    missing_acknowledgement: Missing | None = None
    canary_percentage: Percentage | None = None


def _target(target: dict[str, Any]) -> dict[str, Any]:
    kind = target.get("kind")
    if not isinstance(kind, str) or not 1 <= len(kind) <= 64:
        raise Malformed("a rotation's target says its `kind`")
    named_secrets.paths_in(target)
    if len(json_text.write(target)) > MAX_TARGET_BYTES:
        raise Malformed(f"a rotation's target is at most {MAX_TARGET_BYTES} bytes of JSON")
    return target


Target = Annotated[
    dict[str, Any],
    AfterValidator(_target),
    Field(description="where the credential is valid: `kind`, and what that kind needs to know; nothing secret"),
]


def read_by_target(target: Mapping[str, Any] | None, environment: str) -> tuple[Touch, ...]:
    """The secrets that a target would read for whoever says it: he must be allowed to read them himself."""
    return tuple(Touch(path, environment, "read") for path in named_secrets.paths_in(target or {}))


class RotationBody(WishesBody):
    """How a secret rotates, as its own body says it."""

    schedule: ScheduleText | None = None
    enabled: bool = True
    timezone: TimeZone | None = None
    target: Target | None = None


class StartRotationRequest(NamedRequest, WishesBody):
    reason: Cause = "manual"
    comment: Reason | None = None
    requires_target: Annotated[
        bool,
        Field(description="refuse with 422 where the value is valid in a system that the product does not know"),
    ] = False
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)


class RotationStarted(Wire):
    rotation_id: str


class RotationRequest(Wire):
    """About one rotation, by its id. Whose secret it rotates, only the store knows: so the caller must be allowed this
    somewhere, and then there, or it is as absent."""

    id: Id = from_path()

    @property
    def resource_id(self) -> str:
        return "*"

    @property
    def scope(self) -> str | None:
        return "*"


class GetRotationRequest(RotationRequest):
    pass


class RotationMoveRequest(RotationRequest):
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)


class AbortRotationRequest(RotationMoveRequest):
    reason: Reason | None = None


class ResumeRotationRequest(RotationMoveRequest):
    reason: Reason | None = None


class AcknowledgeRotationRequest(RotationMoveRequest):
    service: Service


class ListRotationsRequest(PageRequest):
    status: Status | None = from_query(None, description="only those of this status")
    secret: ItemPath | None = from_query(None, description="only those of this secret: `namespace/key`")
    environment: Environment | None = from_query(None, description="only what is of this environment")

    @property
    def resource_id(self) -> str:
        return self.scope or "*"

    @property
    def resource_environment(self) -> str | None:
        return self.environment

    @property
    def scope(self) -> str | None:
        return names.split_path(self.secret)[0] if self.secret else "*"


class RotationStep(Wire):
    step: str
    at: str
    outcome: str
    evidence: dict[str, Any]


class RotationSummary(Wire):
    """`step` is what is next, `not_before` when. `old_version` was in use when the rotation began."""

    rotation_id: str
    namespace: str
    key: str
    environment: str
    status: str
    step: str
    not_before: str
    reason: str
    strategy: str
    comment: str | None
    old_version: int
    new_version: int | None
    started_at: str
    requested_by: str
    ended_at: str | None
    next_rotation_at: str | None


class RotationView(RotationSummary):
    notice_seconds: int
    acknowledgement_seconds: int
    grace_seconds: int
    quiet_seconds: int
    missing_acknowledgement: str
    acknowledgements: dict[str, str]
    steps: list[RotationStep]


class RotationPage(Wire):
    items: list[RotationSummary]
    next_cursor: str | None = None


class PutRotationScheduleRequest(NamedRequest, WishesBody):
    schedule: ScheduleText
    enabled: bool = True
    timezone: TimeZone | None = None
    target: Target | None = None
    reason: Reason | None = None
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)

    @property
    def touches(self) -> tuple[Touch, ...]:
        return (*super().touches, *read_by_target(self.target, self.environment))


class GetRotationScheduleRequest(NamedRequest):
    pass


class DeleteRotationScheduleRequest(NamedRequest):
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)


class RotationScheduleView(WishesBody):
    namespace: str
    key: str
    environment: str
    schedule: str
    timezone: str
    enabled: bool
    target: dict[str, Any]
    next_rotation_at: str | None


class PreviewScheduleRequest(Wire):
    """`from` is when the listing begins; left out: now."""

    schedule: ScheduleText
    begin: Time | None = Field(default=None, alias="from")
    count: Annotated[int, Field(ge=1, le=MAX_TIMES)] = 5
    timezone: TimeZone = "UTC"

    @property
    def resource_id(self) -> str:
        return "*"

    @property
    def scope(self) -> str | None:
        return "*"


class SchedulePreview(Wire):
    schedule: str
    times: list[str]


class UsageItem(Wire):
    path: ItemPath
    environment: Environment
    version_id: Id
    uses: Count
    errors: Count = 0


class ReportUsageRequest(Wire):
    """What a service did with the secrets that it holds, since its last report."""

    service: Service
    items: Annotated[list[UsageItem], Field(min_length=1, max_length=MAX_REPORTED)]

    @property
    def touches(self) -> tuple[Touch, ...]:
        return tuple(dict.fromkeys(Touch(item.path, item.environment) for item in self.items))

    @property
    def resource_id(self) -> str:
        return self.items[0].path

    @property
    def resource_environment(self) -> str | None:
        return self.items[0].environment


class UsageReported(Wire):
    accepted: int
