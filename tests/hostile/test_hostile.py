"""Whatever comes in, the answer is a clear one: never a 5xx, never a hang, and nothing goes out."""

import gzip
import json
import os
import random
import re
import socket
from functools import cache
from typing import Any

import pytest
import pytest_socket

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.operation import Operation
from tests.hostile.bombs import BOMBS, valued
from tests.hostile.names import HOSTILE
from tests.hostile.wire import Answer, Wire, check
from tests.support.exemplars import exemplar

MEBIBYTE = 1024 * 1024
PLACES = ("whole", "first", "last", "before", "after")
_JSON = (b"content-type", b"application/json")


def operations(rows: tuple[Operation, ...] = OPERATIONS) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("operation", [pytest.param(row, id=f"hostile: {row.name}") for row in rows])


def send(
    wire: Wire,
    operation: Operation,
    *,
    method: str = "",
    target: bytes = b"",
    body: bytes | None = None,
    headers: list[tuple[bytes, bytes]] | None = None,
) -> Answer:
    """The exemplary request of `operation`, but for what is given."""
    sample = exemplar(operation.name)
    sent = body if body is not None else json.dumps(sample.body).encode() if sample.body is not None else b""
    told = [(b"authorization", wire.credential(sample).encode()), *([_JSON] if headers is None else headers)]
    return wire.send(method or operation.method, target or sample.url.encode(), told, sent)


def sampled(*dimensions: Any) -> list[Any]:
    """A name and a place for it: for each place a third of the names, by the seed; the others are deep."""
    chance = random.Random(os.environ["LLM_CONFIG_TEST_SEED"])
    found = []
    for place in dimensions:
        kept = chance.sample(list(HOSTILE), len(HOSTILE) // 3)
        for said in HOSTILE:
            marks = [] if said in kept else [pytest.mark.deep]
            found.append(pytest.param(place, said, id=f"{said}, {place}", marks=marks))
    return found


@operations()
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_for_a_body_gets_a_clear_answer(wire: Wire, operation: Operation, bomb: str) -> None:
    check(send(wire, operation, body=BOMBS[bomb]))


@operations()
@pytest.mark.parametrize("size", [10, 50 * MEBIBYTE], ids=["small", "a zip bomb"])
@pytest.mark.parametrize("encoding", [b"gzip", b"deflate", b"br", b"gzip, gzip"], ids=lambda said: said.decode())
def test_a_compressed_body_is_refused_and_not_unpacked(
    wire: Wire, operation: Operation, encoding: bytes, size: int
) -> None:
    packed = _packed(size)
    check(answer := send(wire, operation, body=packed, headers=[_JSON, (b"content-encoding", encoding)]))
    assert answer.status in (400, 415)


@cache
def _packed(size: int) -> bytes:
    return gzip.compress(valued(b'"' + b"x" * size + b'"'))


@operations(tuple(row for row in OPERATIONS if "{" in row.path))
@pytest.mark.parametrize(("place", "said"), sampled(*PLACES))
def test_a_hostile_segment_gets_a_clear_answer(wire: Wire, operation: Operation, place: str, said: str) -> None:
    path, _, query = exemplar(operation.name).url.encode().partition(b"?")
    fixed = operation.path.partition("{")[0].encode()
    segments = path.removeprefix(fixed).split(b"/")
    name = HOSTILE[said]
    written = {
        "whole": [name],
        "first": [name, *segments[1:]],
        "last": [*segments[:-1], name],
        "before": [name, *segments],
        "after": [*segments, name],
    }[place]
    check(send(wire, operation, target=fixed + b"/".join(written) + b"?" + query))


@operations()
@pytest.mark.parametrize(("place", "said"), sampled("a value", "a name"))
def test_a_hostile_query_gets_a_clear_answer(wire: Wire, operation: Operation, place: str, said: str) -> None:
    path, _, query = exemplar(operation.name).url.encode().partition(b"?")
    name = HOSTILE[said]
    for parameter in [*re.findall(rb"([^&=]+)=", query), b"version", b"if_match"] if place == "a value" else [b""]:
        others = b"&".join(pair for pair in query.split(b"&") if not pair.startswith(parameter + b"=") or not parameter)
        changed = parameter + b"=" + name if parameter else name + b"=1"
        check(send(wire, operation, target=path + b"?" + others + b"&" + changed))


@operations()
@pytest.mark.parametrize(
    "query", [b"?", b"?&&&", b"?=", b"?==", b"?&=&", b"?" + b"a=1&" * 5000, b"?" + b"environment=edge&" * 2000]
)
def test_a_hostile_list_of_parameters_gets_a_clear_answer(wire: Wire, operation: Operation, query: bytes) -> None:
    check(send(wire, operation, target=exemplar(operation.name).url.encode().partition(b"?")[0] + query))


@operations()
@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"text/plain",
        b"text/html; charset=utf-7",
        b"application/xml",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data; boundary=x",
        b"application/json; charset=utf-16",
        b"application/json, application/json",
        b"application/octet-stream",
        b"application/merge-patch+json",
        b"APPLICATION/JSON",
        b"json",
        b";;;",
        b"\xff\xfe",
        b"a/" + b"b" * 50_000,
    ],
)
def test_a_wrong_content_type_gets_a_clear_answer(wire: Wire, operation: Operation, said: bytes) -> None:
    for sent in (b'{"value": 1}', b"value=1", b"\xff"):
        check(send(wire, operation, body=sent, headers=[(b"content-type", said)]))


@operations()
@pytest.mark.parametrize(
    "method",
    [
        "HEAD",
        "OPTIONS",
        "TRACE",
        "CONNECT",
        "PATCH",
        "DELETE",
        "POST",
        "PUT",
        "GET",
        "PROPFIND",
        "get",
        "",
        "G T",
        "X" * 9999,
    ],
)
def test_an_odd_method_gets_a_clear_answer(wire: Wire, operation: Operation, method: str) -> None:
    sample = exemplar(operation.name)
    token = wire.credential(sample).encode()
    answer = wire.send(method, sample.url.encode(), [(b"authorization", token), _JSON], b"{}")
    check(answer)
    if method not in {row.method for row in OPERATIONS}:
        assert answer.status == 405 and answer.headers["allow"]


HEADERS: dict[str, list[tuple[bytes, bytes]]] = {
    "override": [(b"x-http-method-override", b"DELETE"), (b"x-method-override", b"DELETE")],
    "another path": [(b"x-original-url", b"/api/v1/tenants"), (b"x-rewrite-url", b"/api/v1/tenants")],
    "another host": [(b"x-forwarded-host", b"evil.example"), (b"forwarded", b"host=evil.example;for=[::1]")],
    "accept nothing": [(b"accept", b"")],
    "accept nonsense": [(b"accept", b",;;q=,*/*;q=q,\xff")],
    "accept much": [(b"accept", b"a/b," * 20_000)],
    "if-match nonsense": [(b"if-match", b'"' * 999)],
    "if-match weak": [(b"if-match", b'W/"1", "2", *')],
    "if-match long": [(b"if-match", b'"1",' * 20_000)],
    "if-match no ASCII": [(b"if-match", b'"\xff"')],
    "if-none-match nonsense": [(b"if-none-match", b'W/"*",\x00')],
    "if-none-match many": [(b"if-none-match", b'"1",' * 20_000)],
    "idempotency-key no ASCII": [(b"idempotency-key", b"\xf0\x9f\x92\xa9")],
    "idempotency-key of nulls": [(b"idempotency-key", b"\x00\x00")],
    "idempotency-key with a line break": [(b"idempotency-key", b"a\r\nb: c")],
    "idempotency-key long": [(b"idempotency-key", b"k" * 100_000)],
    "range": [(b"range", b"bytes=0-18446744073709551615")],
    "expect": [(b"expect", b"100-continue"), (b"expect", b"nonsense")],
    "upgrade": [(b"upgrade", b"websocket"), (b"connection", b"upgrade")],
    "length wrong": [(b"content-length", b"-1"), (b"content-length", b"99999999999")],
    "chunked twice": [(b"transfer-encoding", b"chunked, chunked")],
    "trace": [(b"x-amzn-trace-id", b"\xff" * 5000), (b"traceparent", b"00-0-0-0")],
    "many": [(b"x-%d" % number, b"v") for number in range(5000)],
    "a name without letters": [(b"", b"v"), (b"\xff", b"v"), (b"a b", b"v")],
    "date": [(b"if-modified-since", b"never"), (b"if-unmodified-since", b"\xff")],
    "cookies": [(b"cookie", b"a=b;" * 20_000)],
    "a request id": [(b"x-request-id", b"mine\r\nset-cookie: a=b")],
}


@operations()
@pytest.mark.parametrize("said", HEADERS)
def test_odd_headers_get_a_clear_answer(wire: Wire, operation: Operation, said: str) -> None:
    check(answer := send(wire, operation, headers=[_JSON, *HEADERS[said]]))
    assert "set-cookie" not in answer.headers and "mine" not in answer.headers["x-request-id"]


CREDENTIALS: dict[str, bytes] = {
    "nothing": b"",
    "a scheme alone": b"Bearer",
    "spaces": b"Bearer   ",
    "two": b"Bearer a, Bearer b",
    "basic": b"Basic YTpi",
    "no text": b"Bearer \xff\xfe",
    "nulls": b"Bearer \x00.\x00.\x00",
    "long": b"Bearer " + b"a" * 1_000_000,
    "dots": b"Bearer " + b"." * 10_000,
    "no JSON": b"Bearer YQ.YQ.YQ",
    "a list": b"Bearer W10.W10.W10",
    "no algorithm": b"Bearer eyJhbGciOiJub25lIn0.e30.",
    "a deep header": b"Bearer " + b"W1tb" * 1600 + b".e30.YQ",
    "another key's address": b"Bearer eyJhbGciOiJFUzI1NiIsImprdSI6Imh0dHA6Ly8xMjcuMC4wLjE6OS8ifQ"
    b".eyJpc3MiOiJodHRwOi8vMTI3LjAuMC4xOjkifQ.YQ",
}


@operations(tuple(row for row in OPERATIONS if not row.public))
@pytest.mark.parametrize("said", CREDENTIALS)
def test_a_hostile_credential_is_401(wire: Wire, operation: Operation, said: str) -> None:
    sample = exemplar(operation.name)
    body = json.dumps(sample.body).encode() if sample.body is not None else b""
    answer = wire.send(operation.method, sample.url.encode(), [(b"authorization", CREDENTIALS[said]), _JSON], body)
    check(answer)
    assert answer.status == 401


@pytest.mark.parametrize(
    "target",
    [
        *(
            pytest.param(path, id=f"hostile: {path[:20]!r}")
            for path in (b"/", b"//", b"/api/v1//configs/a/b", b"/" * 9999)
        ),
        pytest.param(b"*", id="hostile: a star"),
        pytest.param(b"http://evil.example/", id="hostile: a whole URL"),
    ],
)
def test_a_path_of_no_route_is_404(wire: Wire, target: bytes) -> None:
    check(answer := wire.send("GET", target, []))
    assert answer.status == 404


def test_an_attempt_to_leave_the_process_would_be_seen() -> None:
    with pytest.warns(UserWarning, match="socket"), pytest.raises(pytest_socket.SocketBlockedError):
        socket.socket()
