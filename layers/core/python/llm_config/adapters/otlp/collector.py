"""One request's spans as an OTLP document, and the way to the collector that takes it.

OTLP 1.x, "OTLP/HTTP" and "JSON Protobuf Encoding": ids are hex, numbers of 64 bits are text, enumerations are numbers.
https://opentelemetry.io/docs/specs/otlp/
"""

import json
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

INTERNAL, SERVER = 1, 2
ERROR = 2
TIMEOUT_SECONDS = 1.0
SILENT_SECONDS = 30.0
"""So long nobody waits for a collector that did not answer."""


@dataclass(frozen=True, slots=True)
class Span:
    """`began` and `ended` are nanoseconds since 1970; `kind` is INTERNAL or SERVER."""

    id: str
    parent: str | None
    name: str
    began: int
    ended: int
    failed: bool = False
    kind: int = INTERNAL
    told: Mapping[str, str | int | float] = field(default_factory=dict)


class Collector:
    """`endpoint` is the base of its URLs, as OTEL_EXPORTER_OTLP_ENDPOINT names it; `now` is monotonic seconds.

    Raises ValueError for what is no HTTP URL.
    """

    def __init__(self, endpoint: str, headers: Mapping[str, str], now: Callable[[], float] = time.monotonic) -> None:
        if not endpoint.startswith(("http://", "https://")):
            raise ValueError("OTEL_EXPORTER_OTLP_ENDPOINT is no HTTP URL")
        self._url, self._now = f"{endpoint.rstrip('/')}/v1/traces", now
        self._headers = {"Content-Type": "application/json", **headers}
        self._silent_until = 0.0

    def take(self, service: str, trace: str, spans: Sequence[Span]) -> bool:
        """Hand over one trace, and say whether the collector took it. Waits a second at most, and raises nothing."""
        if self._now() < self._silent_until:
            return False
        body = json.dumps(document(service, trace, spans), separators=(",", ":")).encode()
        request = urllib.request.Request(self._url, body, self._headers)  # noqa: S310 - the scheme is checked above
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310
                return bool(answer.status == 200)
        except (OSError, ValueError):  # urllib's errors are of these
            self._silent_until = self._now() + SILENT_SECONDS
            return False


def document(service: str, trace: str, spans: Sequence[Span]) -> dict[str, Any]:
    """An ExportTraceServiceRequest."""
    scope = {"scope": {"name": "llm_config"}, "spans": [_span(trace, span) for span in spans]}
    resource = {"attributes": [_attribute("service.name", service)]}
    return {"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}


def _span(trace: str, span: Span) -> dict[str, Any]:
    return {
        "traceId": trace,
        "spanId": span.id,
        **({"parentSpanId": span.parent} if span.parent else {}),
        "name": span.name,
        "kind": span.kind,
        "startTimeUnixNano": str(span.began),
        "endTimeUnixNano": str(span.ended),
        "attributes": [_attribute(name, value) for name, value in span.told.items()],
        **({"status": {"code": ERROR}} if span.failed else {}),
    }


def _attribute(name: str, value: str | int | float) -> dict[str, Any]:
    if isinstance(value, int):
        return {"key": name, "value": {"intValue": str(value)}}
    kind = "doubleValue" if isinstance(value, float) else "stringValue"
    return {"key": name, "value": {kind: value}}
