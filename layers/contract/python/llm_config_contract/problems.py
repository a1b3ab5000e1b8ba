"""Errors on the wire: RFC 9457 problem details."""

from collections.abc import Mapping

from llm_config_contract.wire import Wire
from llm_config_domain.errors import Refusal

URN = "urn:llm-config:problem:"
MEDIA_TYPE = "application/problem+json"
STATUS: Mapping[str, int] = {
    "malformed": 400,
    "environment_required": 400,
    "cursor_invalid": 400,
    "unauthenticated": 401,
    "permission_denied": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "not_acceptable": 406,
    "conflict": 409,
    "in_progress": 409,
    "precondition_failed": 412,
    "too_large": 413,
    "unsupported_media_type": 415,
    "value_refused": 422,
    "idempotency_mismatch": 422,
    "target_refused": 422,
    "rate_limited": 429,
    "internal": 500,
    "broken": 500,
    "unavailable": 503,
    "contended": 503,
}
"""The only table from the kinds of refusal to HTTP."""


class ViolationView(Wire):
    path: str
    rule: str
    message: str
    severity: str = "error"


class Problem(Wire):
    """`kind` is stable and is what programs should test; `detail` is for people and quotes nothing that was sent."""

    type: str
    kind: str
    title: str
    status: int
    detail: str
    request_id: str
    retryable: bool
    violations: list[ViolationView] | None = None
    limit: int | None = None
    current: int | None = None
    retry_after: int | None = None

    @classmethod
    def of(cls, refusal: Refusal, request_id: str, retry_after: int | None) -> "Problem":
        return cls(
            type=URN + refusal.kind,
            kind=refusal.kind,
            title=refusal.title,
            status=STATUS[refusal.kind],
            detail=refusal.detail,
            request_id=request_id,
            retryable=refusal.retryable,
            violations=[
                ViolationView(path=v.path, rule=v.rule, message=v.message, severity=v.severity)
                for v in refusal.violations
            ]
            or None,
            limit=refusal.limit,
            current=refusal.current,
            retry_after=retry_after,
        )
