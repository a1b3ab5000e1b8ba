"""The only place that writes a problem (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

from llm_config_contract.problems import MEDIA_TYPE, STATUS, URN, Problem, ViolationView
from llm_config_domain import json_text
from llm_config_domain.errors import Refusal, UnsupportedMediaType

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
    if isinstance(refusal, UnsupportedMediaType) and refusal.accepted:
        told["Accept-Patch"] = ", ".join(refusal.accepted)
    if retry_after:
        told["Retry-After"] = str(retry_after)
    return {"statusCode": status, "headers": told, "body": json_text.write(body.model_dump(exclude_none=True))}
