"""The only table from the kinds of refusal to HTTP, and the only place that writes a problem (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

from llm_config_contract.problems import MEDIA_TYPE, URN, Problem, ViolationView
from llm_config_domain import json_text
from llm_config_domain.errors import Refusal

STATUS: Mapping[str, int] = {
    "malformed": 400,
    "environment_required": 400,
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
    "internal": 500,
    "broken": 500,
    "unavailable": 503,
    "contended": 503,
}
RETRY_AFTER_SECONDS = 1
CHALLENGE = 'Bearer realm="llm-config"'


def problem(refusal: Refusal, request_id: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The answer that tells `refusal`, as API Gateway takes it."""
    status = STATUS[refusal.kind]
    retry_after = refusal.retry_after or (RETRY_AFTER_SECONDS if status == 503 else None)
    body = Problem(
        type=URN + refusal.kind,
        kind=refusal.kind,
        title=refusal.title,
        status=status,
        detail=refusal.detail,
        request_id=request_id,
        retryable=refusal.retryable,
        violations=[
            ViolationView(path=v.path, rule=v.rule, message=v.message, severity=v.severity) for v in refusal.violations
        ]
        or None,
        limit=refusal.limit,
        current=refusal.current,
        retry_after=retry_after,
    )
    told = {"Content-Type": MEDIA_TYPE, "X-Request-Id": request_id, **(headers or {})}
    if status == 401:
        told["WWW-Authenticate"] = CHALLENGE
    if retry_after:
        told["Retry-After"] = str(retry_after)
    return {"statusCode": status, "headers": told, "body": json_text.write(body.model_dump(exclude_none=True))}
