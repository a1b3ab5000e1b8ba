"""Lambda's Runtime API (2018-06-01) for one execution environment, on a loopback port of its own.

The runtime interface client asks here for its next event and answers here, as it does in a Lambda sandbox: what runs in
the functions' processes is AWS's own client.
"""

import json
from concurrent.futures import Future
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from typing import TypeVar

T = TypeVar("T")
ROOT = "/2018-06-01/runtime"


@dataclass(frozen=True, slots=True)
class Invocation:
    request_id: str
    event: bytes
    function_arn: str
    trace_id: str
    deadline_ms: int

    def headers(self) -> dict[str, str]:
        return {
            "Lambda-Runtime-Aws-Request-Id": self.request_id,
            "Lambda-Runtime-Invoked-Function-Arn": self.function_arn,
            "Lambda-Runtime-Trace-Id": self.trace_id,
            "Lambda-Runtime-Deadline-Ms": str(self.deadline_ms),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a function returned, or the description of the error it raised."""

    payload: bytes
    is_error: bool = False

    @classmethod
    def failure(cls, kind: str, message: str) -> "Outcome":
        return cls(json.dumps({"errorType": kind, "errorMessage": message}).encode(), is_error=True)


class RuntimeApi(ThreadingHTTPServer):
    """One process, one invocation at a time. `ready` is done when the client asks for its first event, or cannot."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Exchange)
        self.ready: Future[Outcome | None] = Future()
        self._waiting: Queue[Invocation | None] = Queue()
        self._asked: tuple[str, Future[Outcome]] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def ask(self, invocation: Invocation) -> Future[Outcome]:
        answer: Future[Outcome] = Future()
        self._asked = (invocation.request_id, answer)
        self._waiting.put(invocation)
        return answer

    def next(self) -> Invocation | None:
        """Waits. None: there will be no other."""
        _settle(self.ready, None)
        return self._waiting.get()

    def answered(self, request_id: str, outcome: Outcome) -> None:
        if self._asked and self._asked[0] == request_id:
            _settle(self._asked[1], outcome)

    def broke(self, outcome: Outcome) -> None:
        """The process failed to start, or ended: nobody else will answer."""
        _settle(self.ready, outcome)
        if self._asked:
            _settle(self._asked[1], outcome)

    def close(self) -> None:
        self._waiting.put(None)
        self.shutdown()
        self.server_close()


def _settle(future: Future[T], value: T) -> None:
    if not future.done():
        future.set_result(value)


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RuntimeApi

    def do_GET(self) -> None:
        if self.path != f"{ROOT}/invocation/next":
            return self._send(404)
        invocation = self.server.next()
        if invocation is None:
            return self._send(410)
        return self._send(200, invocation.event, invocation.headers())

    def do_POST(self) -> None:
        body = self._body()
        match self.path.removeprefix(f"{ROOT}/").split("/"):
            case ["invocation", request_id, "response"]:
                self.server.answered(request_id, Outcome(body))
            case ["invocation", request_id, "error"]:
                self.server.answered(request_id, Outcome(body, is_error=True))
            case ["init", "error"]:
                self.server.broke(Outcome(body, is_error=True))
            case _:
                return self._send(404)
        return self._send(202)

    def _body(self) -> bytes:
        """The client sends large answers in chunks (RFC 9112 section 7.1)."""
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, status: int, body: bytes = b"{}", headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that it overrides
        """Silent: LocalStack's own log tells of invocations."""
