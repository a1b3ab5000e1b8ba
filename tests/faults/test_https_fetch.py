"""Fetching an issuer's keys from a real TLS server that misbehaves."""

import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from llm_config.adapters.oidc.https import MAX_BYTES, fetch
from llm_config_domain.errors import Unavailable
from tests.support.loopback import loopback_certificate

Fetch = Callable[[str], bytes]


class _Issuer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = {
            "/jwks?v=1": (200, b'{"keys":[]}'),
            "/moved": (302, b""),
            "/gone": (404, b"{}"),
            "/large": (200, b" " * (MAX_BYTES + 1)),
            "/largest": (200, b" " * MAX_BYTES),
        }[self.path]
        self.send_response(status)
        self.send_header("Location", "/jwks?v=1")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Quiet."""


@pytest.fixture
def issuer(tmp_path: Path) -> Iterator[tuple[str, ssl.SSLContext]]:
    """(base URL, a context that trusts it)."""
    pem = loopback_certificate(tmp_path / "issuer.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = HTTPServer(("127.0.0.1", 0), _Issuer)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}", ssl.create_default_context(cafile=pem)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("path", "length"), [("/jwks?v=1", 11), ("/largest", MAX_BYTES)])
def test_an_answer_within_the_bound_is_given(issuer: tuple[str, ssl.SSLContext], path: str, length: int) -> None:
    base, trusting = issuer
    assert len(fetch(base + path, trusting)) == length


@pytest.mark.parametrize("path", ["/moved", "/gone", "/large"])
def test_any_other_answer_is_unavailable(issuer: tuple[str, ssl.SSLContext], path: str) -> None:
    base, trusting = issuer
    with pytest.raises(Unavailable):
        fetch(base + path, trusting)


def test_a_server_that_nobody_vouches_for_is_unavailable(issuer: tuple[str, ssl.SSLContext]) -> None:
    with pytest.raises(Unavailable):
        fetch(issuer[0] + "/jwks?v=1")


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        fetch("https://127.0.0.1:1/jwks")


@pytest.mark.parametrize("url", ["http://issuer.test/jwks", "file:///etc/passwd", "https:///jwks", "jwks"])
def test_an_address_that_is_not_https_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="https only"):
        fetch(url)
