"""What the service says of each request: one line. Values, names of things, tokens and headers are never in it, and of
an exception its type and place only.
"""

import os
import re
import threading
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import perf_counter
from typing import TYPE_CHECKING, Any

from llm_config.operations.operation import Answer, Row
from llm_config.operations.perform import Provide
from llm_config_domain.callers import Caller
from llm_config_domain.errors import Broken, Contended, Refusal, Unauthenticated, Unavailable

if TYPE_CHECKING:
    from llm_config.runtime.tracing import Spans

Timer = Callable[[], float]
_TRACE_PARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}")
"""W3C Trace Context section 3.2: version, trace id, parent id, flags; ids of zeros are none."""
_XRAY_TRACE = re.compile(r"Root=1-([0-9a-f]{8})-([0-9a-f]{24});Parent=([0-9a-f]{16})")
_CORRELATION = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}|[0-9A-HJKMNP-TV-Z]{26}")
"""A UUID or a ULID: what is no id is not written down."""
_LEVELS: dict[type[Refusal], str] = {Unavailable: "WARNING", Contended: "WARNING", Broken: "ERROR"}
_FRAMES = 6
_MAX_WAITS = 100
"""As many numbers as a metric document may hold for one metric."""


class _KeyService(threading.local):
    """How long each call of KMS took during the request of this thread, in seconds."""

    def __init__(self) -> None:
        self.waits: list[float] = []


_key_service = _KeyService()


def waited_for_keys(seconds: float) -> None:
    """One call of the key service took so long."""
    _key_service.waits.append(seconds)


class Observation:
    """What is seen of one request, from its first moment to its line."""

    def __init__(self, row: Row, request_id: str, timer: Timer = perf_counter) -> None:
        self.request_id = request_id
        self.parent: str | None = None
        self._row, self._timer, self._began = row, timer, timer()
        self._ids: dict[str, str] = {}
        self._tenant: str | None = None
        self._performing = False
        self._seen: dict[str, Any] = {"level": "INFO", "decision": "none", "cache_level": "none"}
        _key_service.waits = []

    def asked(self, headers: Mapping[str, str]) -> None:
        """What the caller names the request by, where these are ids."""
        if _CORRELATION.fullmatch(headers.get("x-correlation-id", "")):
            self._ids["correlation_id"] = headers["x-correlation-id"]
        trace = trace_of(headers)
        if trace:
            self._ids["trace_id"], self.parent = trace

    def known(self, caller: Caller) -> None:
        """The credential is verified."""
        self._tenant = caller.tenant

    def performing(self) -> None:
        """The work begins, and with it the decision: what is not recorded has none."""
        self._performing = self._row.recorded is not None

    def answered(self, answer: Answer) -> None:
        self._seen |= {"decision": "allow" if self._performing else "none", "cache_level": answer.cache_level}
        self._seen |= answer.looks
        revision = answer.metadata.get("revision", getattr(answer.body, "revision", None))
        if revision is not None:
            self._seen["revision"] = revision
        released = len(answer.disclosed) + (self._row.event_type == "secret.accessed")
        if released:
            self._seen["secret_access_total"] = released
        if "lost_accesses" in answer.metadata:
            self._seen["lost_accesses_total"] = answer.metadata["lost_accesses"]

    def refused(self, refusal: Refusal) -> None:
        level = _LEVELS.get(type(refusal), "INFO")
        self._seen |= {"level": level, "kind": refusal.kind, "decision": self._decision(refusal)}

    def failed(self, error: BaseException) -> None:
        """A defect. Its message may hold input, so it is left out."""
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        place = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
        self._seen |= {"level": "ERROR", "kind": Refusal.kind, "error": type(error).__name__, "place": place}

    def batch(self, records: int, failed: int) -> None:
        """A task was handed so many records at once, and so many of them have to come again."""
        self._seen |= {"records": records, "failed_records": failed}

    def passed_over(self, lines: int) -> None:
        """So many of the lines that a task was handed carry nothing for it."""
        self._seen["passed_over"] = lines

    def line(self, http_status: int) -> dict[str, Any]:
        seen = self._seen
        told = {"level": seen.pop("level"), "request_id": self.request_id, **self._ids}
        if self._tenant is not None:
            told["tenant"] = self._tenant
        told |= {"operation": self._row.name, "status": self._status(http_status), "http_status": http_status}
        told |= {**seen, "duration_ms": round((self._timer() - self._began) * 1000, 3)}
        if _key_service.waits:
            told["vault_latency_seconds"] = [round(seconds, 6) for seconds in _key_service.waits[:_MAX_WAITS]]
        return told

    def _decision(self, refusal: Refusal) -> str:
        """`none` where nobody decided, or where it cannot be known: a store that failed may have failed before it."""
        if refusal.denied:
            return "deny"
        decided = self._performing and not isinstance(refusal, Unauthenticated | Unavailable)
        return "allow" if decided else "none"

    def _status(self, http_status: int) -> str:
        if http_status >= 500:
            return "failed"
        if http_status == 401 or self._seen["decision"] == "deny":
            return "denied"
        return "refused" if http_status >= 400 else "success"


def trace_of(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """(trace, span) that this request belongs to, 32 and 16 hex digits: the caller's, else the function's own."""
    given = _TRACE_PARENT.fullmatch(headers.get("traceparent", ""))
    if given:
        return given[1], given[2]
    own = _XRAY_TRACE.search(os.environ.get("_X_AMZN_TRACE_ID", ""))
    return (own[1] + own[2], own[3]) if own else None


def spans_of(provide: Provide) -> "Spans | None":
    """What traces a request, where a collector is named: nothing of it is loaded else."""
    if not os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        return None
    from llm_config.runtime.tracing import Spans

    return Spans(provide)


def tell(line: dict[str, Any], seen: Observation, provide: Provide, spans: "Spans | None" = None) -> None:
    """Write the line, and hand the trace over. The answer is made and the change is committed: what fails here takes
    neither back."""
    if spans:
        line.setdefault("trace_id", os.urandom(16).hex())
    with suppress(Exception):
        provide("request_log").write(line)
    if spans:
        with suppress(Exception):
            spans.end(line, seen.parent)
