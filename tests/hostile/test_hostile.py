"""Whatever comes in, the answer is a clear one: never a 5xx, never a hang, and nothing goes out."""

import gzip
import json
import re
import socket
from functools import cache
from itertools import product

import pytest
import pytest_socket

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.operation import Operation
from tests.hostile.bombs import BOMBS, valued
from tests.hostile.conftest import Each
from tests.hostile.names import HOSTILE
from tests.hostile.oddities import CREDENTIALS, HEADERS, MEDIA_TYPES, METHODS, QUERIES
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


@operations()
def test_a_bomb_for_a_body_gets_a_clear_answer(wire: Wire, operation: Operation, each: Each) -> None:
    each(BOMBS, lambda bomb: check(send(wire, operation, body=BOMBS[bomb])))


@operations()
def test_a_compressed_body_is_refused_and_not_unpacked(wire: Wire, operation: Operation, each: Each) -> None:
    def is_refused(said: tuple[bytes, int]) -> None:
        encoding, size = said
        told = [_JSON, (b"content-encoding", encoding)]
        check(answer := send(wire, operation, body=_packed(size), headers=told))
        assert answer.status in (400, 415)

    each(product((b"gzip", b"deflate", b"br", b"gzip, gzip"), (10, 50 * MEBIBYTE)), is_refused)


@cache
def _packed(size: int) -> bytes:
    return gzip.compress(valued(b'"' + b"x" * size + b'"'))


@operations(tuple(row for row in OPERATIONS if "{" in row.path))
def test_a_hostile_segment_gets_a_clear_answer(wire: Wire, operation: Operation, each: Each) -> None:
    path, _, query = exemplar(operation.name).url.encode().partition(b"?")
    fixed = operation.path.partition("{")[0].encode()
    segments = path.removeprefix(fixed).split(b"/")

    def is_clear(said: tuple[str, str]) -> None:
        place, name = said[0], HOSTILE[said[1]]
        written = {
            "whole": [name],
            "first": [name, *segments[1:]],
            "last": [*segments[:-1], name],
            "before": [name, *segments],
            "after": [*segments, name],
        }[place]
        check(send(wire, operation, target=fixed + b"/".join(written) + b"?" + query))

    each(product(PLACES, HOSTILE), is_clear)


@operations()
def test_a_hostile_query_gets_a_clear_answer(wire: Wire, operation: Operation, each: Each) -> None:
    path, _, query = exemplar(operation.name).url.encode().partition(b"?")
    names = (*re.findall(rb"([^&=]+)=", query), b"version", b"if_match")

    def is_clear(said: tuple[bytes, str]) -> None:
        parameter, hostile = said[0], HOSTILE[said[1]]
        others = b"&".join(pair for pair in query.split(b"&") if not pair.startswith(parameter + b"=") or not parameter)
        changed = parameter + b"=" + hostile if parameter else hostile + b"=1"
        check(send(wire, operation, target=path + b"?" + others + b"&" + changed))

    each(product((b"", *dict.fromkeys(names)), HOSTILE), is_clear)


@operations()
def test_a_hostile_list_of_parameters_gets_a_clear_answer(wire: Wire, operation: Operation, each: Each) -> None:
    path = exemplar(operation.name).url.encode().partition(b"?")[0]
    each(QUERIES, lambda query: check(send(wire, operation, target=path + query)))


@operations()
def test_a_wrong_content_type_gets_a_clear_answer(wire: Wire, operation: Operation, each: Each) -> None:
    def is_clear(said: tuple[bytes, bytes]) -> None:
        media_type, sent = said
        check(send(wire, operation, body=sent, headers=[(b"content-type", media_type)]))

    each(product(MEDIA_TYPES, (b'{"value": 1}', b"value=1", b"\xff")), is_clear)


@operations()
def test_an_odd_method_gets_a_clear_answer(wire: Wire, operation: Operation, each: Each) -> None:
    sample = exemplar(operation.name)
    token = wire.credential(sample).encode()

    def is_clear(method: str) -> None:
        answer = wire.send(method, sample.url.encode(), [(b"authorization", token), _JSON], b"{}")
        check(answer)
        if method not in {row.method for row in OPERATIONS}:
            assert answer.status == 405 and answer.headers["allow"]

    each(METHODS, is_clear)


@operations()
def test_odd_headers_get_a_clear_answer(wire: Wire, operation: Operation, each: Each) -> None:
    def is_clear(said: str) -> None:
        check(answer := send(wire, operation, headers=[_JSON, *HEADERS[said]]))
        assert "set-cookie" not in answer.headers and "mine" not in answer.headers["x-request-id"]

    each(HEADERS, is_clear)


@operations(tuple(row for row in OPERATIONS if not row.public))
def test_a_hostile_credential_is_401(wire: Wire, operation: Operation, each: Each) -> None:
    sample = exemplar(operation.name)
    body = json.dumps(sample.body).encode() if sample.body is not None else b""

    def is_401(said: str) -> None:
        told = [(b"authorization", CREDENTIALS[said]), _JSON]
        check(answer := wire.send(operation.method, sample.url.encode(), told, body))
        assert answer.status == 401

    each(CREDENTIALS, is_401)


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
