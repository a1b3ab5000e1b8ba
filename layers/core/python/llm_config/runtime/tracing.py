"""Traces of requests: the calls of the ports, timed from outside, and kept only where a request is worth it.

Loaded where OTEL_EXPORTER_OTLP_ENDPOINT names a collector, and never else. What a span tells is what the request's line
tells, and which method of which port was called: no argument, no answer, no message of an error.
"""

import os
import random
import secrets
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from llm_config.adapters.otlp.collector import SERVER, Collector, Span
from llm_config.operations.perform import Provide

SLOW_MS = 50.0
NORMAL_SHARE = 0.01
_UNTIMED = frozenset({"clock", "identifiers"})
"""Ports that answer in no time."""
_UNTIMED_CALLS = frozenset({("layer_cache", "ask")})
"""What is asked inside of it is a call of its own."""
_NAMES = {
    ("layer_cache", "find"): "cache.lookup",
    ("journal", "append"): "audit.log",
    ("access_log", "note"): "audit.log",
}
_TOLD = ("request_id", "correlation_id", "tenant", "operation", "status", "http_status", "decision", "kind", "revision",
         "cache_level")  # fmt: skip


class Spans:
    """The spans of one request. Its ports are asked for through `provide`, so that each call of theirs is one."""

    def __init__(self, provide: Provide, dice: Callable[[], float] = random.random) -> None:
        self._provide, self._dice = provide, dice
        self._root, self._began = secrets.token_hex(8), time.time_ns()
        self._spans: list[Span] = []

    def provide(self, port: str) -> Any:
        adapter = self._provide(port)
        return adapter if port in _UNTIMED else _Timed(port, adapter, self)

    def timed(self, port: str, method: str, call: Callable[[], Any]) -> Any:
        if (port, method) in _UNTIMED_CALLS:
            return call()
        began, failed = time.time_ns(), True
        try:
            answer = call()
            failed = False
            return answer
        finally:
            name = _NAMES.get((port, method), f"{port}.{method}")
            self._spans.append(Span(secrets.token_hex(8), self._root, name, began, time.time_ns(), failed))

    def end(self, line: Mapping[str, Any], parent: str | None) -> None:
        """The request has its line: hand its trace over, or forget it."""
        if not self._is_kept(line):
            return
        told = {name: line[name] for name in _TOLD if name in line}
        failed = line["status"] == "failed"
        root = Span(self._root, parent, "http.request", self._began, time.time_ns(), failed, SERVER, told)
        collector().take(os.environ.get("OTEL_SERVICE_NAME", "llm-config"), line["trace_id"], [root, *self._spans])

    def _is_kept(self, line: Mapping[str, Any]) -> bool:
        """All that failed, all that was slow, and of the others a share. A caller's wish to be traced is no reason."""
        share = float(os.environ.get("OTEL_TRACES_SAMPLER_ARG", NORMAL_SHARE))
        return line["status"] == "failed" or line["duration_ms"] > SLOW_MS or self._dice() < share


class _Timed:
    """Stands before an adapter of any port."""

    def __init__(self, port: str, adapter: Any, spans: Spans) -> None:
        self._port, self._adapter, self._spans = port, adapter, spans

    def __getattr__(self, method: str) -> Callable[..., Any]:
        """The adapter is opened inside its first call, so a cold start shows in the span that pays for it."""

        def called(*given: Any, **named: Any) -> Any:
            return self._spans.timed(self._port, method, lambda: getattr(self._adapter, method)(*given, **named))

        return called


@cache
def collector() -> Collector:
    """By OpenTelemetry's own variables: OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS (`name=value,...`)."""
    pairs = (pair.partition("=") for pair in os.environ.get("OTEL_EXPORTER_OTLP_HEADERS", "").split(",") if "=" in pair)
    headers = {name.strip(): value.strip() for name, _, value in pairs}
    return Collector(os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"], headers)
