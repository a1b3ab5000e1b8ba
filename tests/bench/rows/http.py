"""The embedded home over HTTP, in a process of its own, beside servers that keep values too."""

import base64
import json
import shutil
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.bench.hello import BODY
from tests.bench.load import (
    Server,
    body_of,
    free_port,
    http_length,
    http_request,
    redis_length,
    running,
    same_disk,
)
from tests.bench.measure import Contest, Missing, Peer, Row, Side
from tests.support.processes import served

VALUE = "x" * 1000
KEYS = 200
LONG = 24 * 3600
INSTALL = {"etcd": "apt-get install etcd-server", "redis-server": "apt-get install redis-server"}


def rows() -> list[Row]:
    served = "of the server process alone, 8 connections that stay open, values of 1 KB; "
    return [
        Row("http_read", "embedded home, read over HTTP", "per CPU-second",
            "requests per CPU second " + served + "beside etcd's HTTP gateway, a starlette that only says hello, and "
            "Redis (its own protocol)", _read),
        Row("http_write", "embedded home, durable write over HTTP", "per CPU-second",
            "writes per CPU second " + served + "beside SQLite with one transaction a write and nothing around it, and "
            "etcd's PUT", _write_cpu),
        Row("http_write_wall", "the same by the clock", "per second",
            "durable writes per second of the clock, 8 at once; beside SQLite, one after the other, on the same disk",
            _write_wall),
    ]  # fmt: skip


@contextmanager
def _read() -> Iterator[Contest]:
    with ExitStack() as stack:
        home = stack.enter_context(_home())
        etcd, redis = _etcd(stack, "range", _etcd_value), _redis(stack)
        product = _server(home, [home.read(number) for number in range(KEYS)])
        yield Contest(_side("product", product, _home_value), etcd, [starlette(stack), redis])


@contextmanager
def _write_cpu() -> Iterator[Contest]:
    with ExitStack() as stack:
        home = stack.enter_context(_home())
        product = _server(home, [home.write(number) for number in range(KEYS)])
        yield Contest(
            _side("product", product, _is_version), _sqlite(stack, time.process_time), [_etcd(stack, "put", _etcd_put)]
        )


@contextmanager
def _write_wall() -> Iterator[Contest]:
    with ExitStack() as stack:
        home = stack.enter_context(_home())
        product = _server(home, [home.write(number) for number in range(KEYS)])
        sides = Side("product", product.once, _is_version, product.wall), _sqlite(stack, time.perf_counter)
        yield Contest(*sides)


class _Home:
    """An embedded home that serves one tenant with `KEYS` configs."""

    def __init__(self, url: str, pid: int, token: str) -> None:
        self.port, self.pid, self._token = int(url.rpartition(":")[2]), pid, token

    def read(self, number: int) -> bytes:
        return http_request("GET", _path(number), Authorization=f"Bearer {self._token}", Accept="application/json")

    def write(self, number: int) -> bytes:
        body = json.dumps({"value": {"value": VALUE}}).encode()
        return http_request("PUT", _path(number), body, Authorization=f"Bearer {self._token}")


def _path(number: int) -> str:
    return f"/api/v1/configs/gateway{number % 8}/key{number}?environment=production"


@contextmanager
def _home() -> Iterator[_Home]:
    with TemporaryDirectory(dir=same_disk()) as directory, served(Path(directory, "home")) as process:
        token = process.token(process.tenant("acme"), "tenant-admin", ttl=LONG)
        home = _Home(process.url, process.pid, token)
        _server(home, [home.write(number) for number in range(KEYS)]).wall(KEYS)
        yield home


def _server(home: _Home, requests: list[bytes]) -> Server:
    return Server(home.pid, home.port, http_length, requests)


def _side(name: str, server: Server, right: Callable[[bytes], bool]) -> Side:
    return Side(name, server.once, right, server.cpu)


def _home_value(answer: bytes) -> bool:
    return bool(json.loads(body_of(answer))["value"] == {"value": VALUE})


def _is_version(answer: bytes) -> bool:
    return bool(json.loads(body_of(answer))["version"] >= 1)


def starlette(stack: ExitStack) -> Side:
    port = free_port()
    pid = stack.enter_context(running([sys.executable, "-m", "tests.bench.hello", str(port)], port))
    server = Server(pid, port, http_length, [http_request("GET", "/v1/configs/k")])
    return _side("starlette hello", server, lambda answer: body_of(answer) == BODY)


def _etcd(stack: ExitStack, what: str, right: Callable[[bytes], bool]) -> Peer:
    if not shutil.which("etcd"):
        return Missing("etcd", INSTALL["etcd"])
    port, peers = free_port(), free_port()
    directory = stack.enter_context(TemporaryDirectory(dir=same_disk()))
    listen, peer = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peers}"
    command = ["etcd", "--data-dir", directory, "--listen-client-urls", listen, "--advertise-client-urls", listen,
               "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster",
               f"default={peer}"]  # fmt: skip
    pid = stack.enter_context(running(command, port))
    requests = {"put": [_etcd_request("put", n, value=_base64(VALUE)) for n in range(KEYS)],
                "range": [_etcd_request("range", n, serializable=True) for n in range(KEYS)]}  # fmt: skip
    filling = Server(pid, port, http_length, requests["put"])
    _until(lambda: body_of(filling.once()) != b"")
    filling.wall(2 * KEYS)
    return _side("etcd", Server(pid, port, http_length, requests[what]), right)


def _etcd_request(what: str, number: int, **told: Any) -> bytes:
    body = json.dumps({"key": _base64(f"gateway{number % 8}/key{number}"), **told})
    return http_request("POST", f"/v3/kv/{what}", body.encode())


def _etcd_value(answer: bytes) -> bool:
    return bool(json.loads(body_of(answer))["kvs"][0]["value"] == _base64(VALUE))


def _etcd_put(answer: bytes) -> bool:
    return int(json.loads(body_of(answer))["header"]["revision"]) > KEYS


def _redis(stack: ExitStack) -> Peer:
    if not shutil.which("redis-server"):
        return Missing("redis-server", INSTALL["redis-server"])
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    pid = stack.enter_context(running(command, port))
    writes = [f"*3\r\n$3\r\nSET\r\n$6\r\nkey{n:03}\r\n$1000\r\n{VALUE}\r\n".encode() for n in range(KEYS)]
    filling = Server(pid, port, redis_length, writes)
    filling.wall(KEYS)
    reads = [f"*2\r\n$3\r\nGET\r\n$6\r\nkey{n:03}\r\n".encode() for n in range(KEYS)]
    return _side("Redis", Server(pid, port, redis_length, reads), lambda answer: VALUE.encode() in answer)


def _sqlite(stack: ExitStack, clock: Callable[[], float]) -> Side:
    """One transaction a write, as durable as the home's: WAL, and on disk when it returns."""
    directory = stack.enter_context(TemporaryDirectory(dir=same_disk()))
    db = stack.enter_context(closing(sqlite3.connect(Path(directory, "bare.sqlite"), isolation_level=None)))
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    db.execute("CREATE TABLE configs (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
    keys = cycle([f"gateway{number % 8}/key{number}" for number in range(KEYS)])

    def once() -> str:
        key = next(keys)
        db.execute("BEGIN IMMEDIATE")
        db.execute("INSERT OR REPLACE INTO configs VALUES (?, ?)", (key, VALUE))
        db.execute("COMMIT")
        return key

    def written(key: str) -> bool:
        return bool(db.execute("SELECT value FROM configs WHERE key = ?", (key,)).fetchone()[0] == VALUE)

    def cost(times: int) -> float:
        began = clock()
        for _ in range(times):
            once()
        return clock() - began

    return Side("SQLite, one transaction a write", once, written, cost)


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.1)


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
