"""The only place that answers a request with a problem (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

from llm_config_contract.problems import MEDIA_TYPE, STATUS, Problem
from llm_config_domain import json_text
from llm_config_domain.errors import Refusal, UnsupportedMediaType

RETRY_AFTER_SECONDS = 1
CHALLENGE = 'Bearer realm="llm-config"'


def problem(refusal: Refusal, request_id: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The answer that tells `refusal`, as API Gateway takes it."""
    status = STATUS[refusal.kind]
    retry_after = refusal.retry_after or (RETRY_AFTER_SECONDS if status == 503 else None)
    body = Problem.of(refusal, request_id, retry_after)
    told = {"Content-Type": MEDIA_TYPE, "X-Request-Id": request_id, **(headers or {})}
    if status == 401:
        told["WWW-Authenticate"] = CHALLENGE
    if isinstance(refusal, UnsupportedMediaType) and refusal.accepted:
        told["Accept-Patch"] = ", ".join(refusal.accepted)
    if retry_after:
        told["Retry-After"] = str(retry_after)
    return {"statusCode": status, "headers": told, "body": json_text.write(body.model_dump(exclude_none=True))}
