"""An OpenTelemetry collector that keeps what it is sent."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from llm_config.runtime import tracing


class Collected:
    """`sent` holds (path, headers, body) of each request; `status` is what they are answered."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, str], bytes]] = []
        self.status = 200

    def traces(self) -> list[list[dict[str, Any]]]:
        """The spans of each document, root first. Raises AssertionError for what is no export request."""
        return [_spans(json.loads(body)) for _, _, body in self.sent]

    def take(self) -> str:
        """All bytes since the last time."""
        taken, self.sent = self.sent, []
        return "\n".join(f"{path} {headers} {body.decode()}" for path, headers, body in taken)


@contextmanager
def collecting(share: str = "1") -> Iterator[Collected]:
    """While the block runs the service's traces go here, this share of the normal ones."""
    collected = Collected()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            headers = {name.lower(): text for name, text in self.headers.items()}
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collected.sent.append((self.path, headers, body))
            self.send_response(collected.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *told: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        patch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-token=t, x-team=ops")
        patch.setenv("OTEL_TRACES_SAMPLER_ARG", share)
        tracing.collector.cache_clear()
        try:
            yield collected
        finally:
            tracing.collector.cache_clear()
            server.shutdown()
            server.server_close()
            thread.join()


def _spans(document: Any) -> list[dict[str, Any]]:
    """By opentelemetry-proto's trace service and the OTLP rules for JSON: hex ids, 64-bit numbers as text."""
    ((resource,),) = (document["resourceSpans"],)
    (scope,) = resource["scopeSpans"]
    assert resource["resource"]["attributes"] == [{"key": "service.name", "value": {"stringValue": "llm-config"}}]
    for span in scope["spans"]:
        assert set(span) <= {"traceId", "spanId", "parentSpanId", "name", "kind", "startTimeUnixNano", "endTimeUnixNano",
                             "attributes", "status"}  # fmt: skip
        assert len(bytes.fromhex(span["traceId"])) == 16 and len(bytes.fromhex(span["spanId"])) == 8
        assert 10**18 < int(span["startTimeUnixNano"]) <= int(span["endTimeUnixNano"])
        assert all(len(attribute["value"]) == 1 for attribute in span["attributes"])
    spans: list[dict[str, Any]] = scope["spans"]
    return spans
