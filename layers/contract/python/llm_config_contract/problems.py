"""Errors on the wire: RFC 9457 problem details."""

from llm_config_contract.wire import Wire

URN = "urn:llm-config:problem:"
MEDIA_TYPE = "application/problem+json"


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
