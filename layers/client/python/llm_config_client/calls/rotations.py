"""Rotations of secrets: start them, follow them, say when they happen, and report who uses what."""

from collections.abc import Iterable, Mapping
from typing import Any

from llm_config_client.calls.options import given
from llm_config_client.core import Call, Route, call
from llm_config_contract.rotations import (
    AbortRotationRequest,
    AcknowledgeRotationRequest,
    DeleteRotationScheduleRequest,
    GetRotationRequest,
    GetRotationScheduleRequest,
    ListRotationsRequest,
    PreviewScheduleRequest,
    PutRotationScheduleRequest,
    ReportUsageRequest,
    ResumeRotationRequest,
    RotationPage,
    RotationScheduleView,
    RotationStarted,
    RotationView,
    SchedulePreview,
    StartRotationRequest,
    UsageReported,
)
from llm_config_contract.wire import NoContent

START_ROTATION = Route("POST", "/api/v1/rotations/{path}", StartRotationRequest, RotationStarted)
LIST_ROTATIONS = Route("GET", "/api/v1/rotations", ListRotationsRequest, RotationPage)
GET_ROTATION = Route("GET", "/api/v1/rotations/{id}", GetRotationRequest, RotationView)
ACKNOWLEDGE_ROTATION = Route("POST", "/api/v1/rotation-acknowledgements/{id}", AcknowledgeRotationRequest, RotationView)
ABORT_ROTATION = Route("POST", "/api/v1/rotation-aborts/{id}", AbortRotationRequest, RotationView)
RESUME_ROTATION = Route("POST", "/api/v1/rotation-resumptions/{id}", ResumeRotationRequest, RotationView)
PUT_ROTATION_SCHEDULE = Route(
    "PUT", "/api/v1/rotation-schedules/{path}", PutRotationScheduleRequest, RotationScheduleView
)
GET_ROTATION_SCHEDULE = Route(
    "GET", "/api/v1/rotation-schedules/{path}", GetRotationScheduleRequest, RotationScheduleView
)
DELETE_ROTATION_SCHEDULE = Route(
    "DELETE", "/api/v1/rotation-schedules/{path}", DeleteRotationScheduleRequest, NoContent
)
PREVIEW_SCHEDULE = Route("POST", "/api/v1/schedule-previews", PreviewScheduleRequest, SchedulePreview)
REPORT_USAGE = Route("POST", "/api/v1/usage-reports", ReportUsageRequest, UsageReported)


def start_rotation(
    path: str,
    *,
    environment: str,
    reason: str | None = None,
    comment: str | None = None,
    strategy: str | None = None,
    notice_seconds: int | None = None,
    acknowledgement_seconds: int | None = None,
    grace_seconds: int | None = None,
    quiet_seconds: int | None = None,
    missing_acknowledgement: str | None = None,
    canary_percentage: int | None = None,
    requires_target: bool | None = None,
    idempotency_key: str | None = None,
) -> Call[RotationStarted]:
    """Rotate a secret. `reason` is manual, scheduled, compromised or policy_change; what is left out, the secret's own
    settings say, and then its type. Raises Conflict while another rotation of it runs, ValueRefused where a target is
    required and none is known."""
    return call(START_ROTATION, given(locals()))


def list_rotations(
    *,
    status: str | None = None,
    secret: str | None = None,
    environment: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Call[RotationPage]:
    """One page of the rotations, newest first; `every` of a client goes through all pages."""
    return call(LIST_ROTATIONS, given(locals()))


def get_rotation(id: str) -> Call[RotationView]:  # noqa: A002 (the wire's word)
    """Where a rotation stands, and what has happened in it."""
    return call(GET_ROTATION, given(locals()))


def acknowledge_rotation(id: str, service: str, *, idempotency_key: str | None = None) -> Call[RotationView]:  # noqa: A002
    """Say that `service` is ready for the new version."""
    return call(ACKNOWLEDGE_ROTATION, given(locals()))


def abort_rotation(
    id: str,  # noqa: A002 (the wire's word)
    *,
    reason: str | None = None,
    idempotency_key: str | None = None,
) -> Call[RotationView]:
    """Take a rotation back. Raises Conflict when its old version is revoked already."""
    return call(ABORT_ROTATION, given(locals()))


def resume_rotation(
    id: str,  # noqa: A002 (the wire's word)
    *,
    reason: str | None = None,
    idempotency_key: str | None = None,
) -> Call[RotationView]:
    """Let a rotation that is held go on."""
    return call(RESUME_ROTATION, given(locals()))


def put_rotation_schedule(
    path: str,
    schedule: str,
    *,
    environment: str,
    enabled: bool | None = None,
    timezone: str | None = None,
    target: Mapping[str, Any] | None = None,
    reason: str | None = None,
    strategy: str | None = None,
    notice_seconds: int | None = None,
    acknowledgement_seconds: int | None = None,
    grace_seconds: int | None = None,
    quiet_seconds: int | None = None,
    missing_acknowledgement: str | None = None,
    canary_percentage: int | None = None,
    idempotency_key: str | None = None,
) -> Call[RotationScheduleView]:
    """Say when a secret rotates by itself: cron, `rate(12 hours)`, `90d`, `P90D`, hourly ... quarterly."""
    return call(PUT_ROTATION_SCHEDULE, given(locals()))


def get_rotation_schedule(path: str, *, environment: str) -> Call[RotationScheduleView]:
    """When a secret rotates by itself. Raises NotFound where it does not."""
    return call(GET_ROTATION_SCHEDULE, given(locals()))


def delete_rotation_schedule(path: str, *, environment: str, idempotency_key: str | None = None) -> Call[NoContent]:
    """Let a secret rotate no more by itself."""
    return call(DELETE_ROTATION_SCHEDULE, given(locals()))


def preview_schedule(
    schedule: str, *, begin: str | None = None, count: int | None = None, timezone: str | None = None
) -> Call[SchedulePreview]:
    """When a schedule would come, from `begin` on."""
    asked = given(locals())
    return call(PREVIEW_SCHEDULE, {"from" if name == "begin" else name: said for name, said in asked.items()})


def report_usage(service: str, items: Iterable[Mapping[str, Any]]) -> Call[UsageReported]:
    """Report what `service` did since its last report: `path`, `environment`, `version_id`, `uses` and `errors` of each
    version of a secret that it used."""
    return call(REPORT_USAGE, {"service": service, "items": [dict(item) for item in items]})
