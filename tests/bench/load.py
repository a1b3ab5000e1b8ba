"""Servers in processes of their own: started, asked over a few connections that stay open, their CPU time read."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

CONNECTIONS = 8
SETTLE_SECONDS = 0.3
"""What a server does behind its answers is part of them: the home writes its accesses every 250 ms."""
START_SECONDS = 20
Length = Callable[[bytes], int]
"""How long the whole answer is that begins with these bytes; 0 when they do not tell yet."""


def process_cpu(pid: int) -> float:
    """CPU seconds of a running process, all its threads, those that have ended too (clock_getcpuclockid(3))."""
    return time.clock_gettime(~pid << 3 | 2)


def http_length(answer: bytes) -> int:
    head, end, _ = answer.partition(b"\r\n\r\n")
    if not end:
        return 0
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return len(head) + 4 + int(line[15:])
    return len(answer) if answer.endswith(b"0\r\n\r\n") else 0


def redis_length(answer: bytes) -> int:
    first, end, _ = answer.partition(b"\r\n")
    if not end:
        return 0
    return len(first) + 2 + (int(first[1:]) + 2 if first.startswith(b"$") else 0)


class Server:
    """A server that is asked the same kind of thing again and again, `CONNECTIONS` at once."""

    def __init__(self, pid: int, port: int, length: Length, requests: Sequence[bytes]) -> None:
        self._pid, self._port, self._length = pid, port, length
        self._requests = cycle(requests)

    def once(self) -> bytes:
        with self._connected(1) as (one,):
            one.sendall(next(self._requests))
            return self._answer(one)

    def cpu(self, times: int) -> float:
        """CPU seconds of the server for so many requests."""
        with self._connected(CONNECTIONS) as connections:
            began = process_cpu(self._pid)
            self._drive(connections, times)
            time.sleep(SETTLE_SECONDS)
            return process_cpu(self._pid) - began

    def wall(self, times: int) -> float:
        with self._connected(CONNECTIONS) as connections:
            began = time.perf_counter()
            self._drive(connections, times)
            return time.perf_counter() - began

    @contextmanager
    def _connected(self, count: int) -> Iterator[list[socket.socket]]:
        """Made anew each time: a server closes what rests while others are measured."""
        with ExitStack() as stack:
            address = ("127.0.0.1", self._port)
            connections = [stack.enter_context(socket.create_connection(address)) for _ in range(count)]
            for one in connections:
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield connections

    def _drive(self, connections: Sequence[socket.socket], times: int) -> None:
        while times > 0:
            asked = connections[:times]
            for one in asked:
                one.sendall(next(self._requests))
            for one in asked:
                self._answer(one)
            times -= len(asked)

    def _answer(self, one: socket.socket) -> bytes:
        answer = one.recv(65536)
        while len(answer) < (self._length(answer) or len(answer) + 1):
            more = one.recv(65536)
            if not more:
                raise ConnectionError("the server hung up")
            answer += more
        return answer


def http_request(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    told = {"Host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    if body:
        told |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def body_of(answer: bytes) -> bytes:
    head, _, body = answer.partition(b"\r\n\r\n")
    return body if head.split(b" ", 2)[1][:1] == b"2" else b""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, **more: Any) -> Iterator[int]:
    """The pid of `command`, which listens on `port`; ended by its pid."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    try:
        _until_it_listens(process, port)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_it_listens(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("a peer's server did not start")


def same_disk() -> str:
    """A directory for stores, on the disk of this working copy (a temporary one may be memory)."""
    directory = Path(".local", "bench")
    directory.mkdir(parents=True, exist_ok=True)
    return os.fspath(directory)
