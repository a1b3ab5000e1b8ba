"""Signed requests to a system of one's own, as Standard Webhooks has them."""

import base64
import hashlib
import hmac
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from llm_config.adapters.pyca.secret_generator import PycaSecretGenerator
from llm_config.adapters.targets.posts import Posts
from llm_config.adapters.targets.webhook import WebhookTarget, signature
from llm_config_domain import json_text, times
from llm_config_domain.errors import TargetRefused, Unavailable
from llm_config_domain.secrets.recipes.keys import CertificateRecipe
from llm_config_domain.secrets.values import Plaintext
from tests.support.clocks import StillClock
from tests.support.turns import AskedTurn, sealed

NOW = "2026-01-02T03:04:05.000Z"
KEY = b"k" * 32
SECRET = "whsec_" + base64.b64encode(KEY).decode()
TURN = AskedTurn(target={"kind": "webhook", "webhook": "hooks/database"})


@dataclass
class Receiver:
    """Keeps what it was sent, and answers `status`."""

    url: str = ""
    status: int = 204
    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


def serve(receiver: Receiver, context: ssl.SSLContext | None = None) -> HTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(receiver.status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the library's name)
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    told = Receiver()
    server = serve(told)
    told.url = f"http://127.0.0.1:{server.server_port}/hook?a=b"
    yield told
    server.shutdown()
    server.server_close()


def target(url: str, secret: str = SECRET, posts: Posts | None = None) -> WebhookTarget:
    clock = StillClock(times.parse(NOW))
    webhook = sealed({"url": url, "secret": secret})
    return WebhookTarget(lambda turn, current: sealed("new"), lambda turn: webhook, posts or Posts(local=True), clock)


def test_each_step_is_told_and_signed(receiver: Receiver) -> None:
    hook = target(receiver.url)
    pending = hook.create(TURN, sealed("old"))
    hook.install(TURN, pending)
    hook.test(TURN, pending)
    hook.retire(TURN, sealed("old"))
    hook.withdraw(TURN, pending)
    assert hook.last_used(TURN, pending) is None
    told = [(json.loads(body)["type"], json.loads(body)["data"]["credential"]) for _, body in receiver.received]
    assert told == [
        ("credential.install", "new"),
        ("credential.test", "new"),
        ("credential.retire", "old"),
        ("credential.withdraw", "new"),
    ]
    for headers, body in receiver.received:
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
        assert headers["webhook-signature"] == f"v1,{expected}"
        assert headers["webhook-timestamp"] == "1767323045"


def test_a_request_that_comes_again_has_the_same_id(receiver: Receiver) -> None:
    for _ in range(2):
        target(receiver.url).install(TURN, sealed("new"))
    assert len({headers["webhook-id"] for headers, _ in receiver.received}) == 1


def test_the_signature_is_that_of_the_specifications_libraries() -> None:
    """The example of github.com/standard-webhooks/standard-webhooks, spec and libraries."""
    secret, number, body = (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        b'{"test": 2432232314}',
    )
    assert signature(secret, number, "1614265330", body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("status", "kind"), [(302, TargetRefused), (410, TargetRefused), (429, Unavailable), (500, Unavailable)]
)
def test_an_answer_other_than_yes_is_told_by_its_status(receiver: Receiver, status: int, kind: type[Exception]) -> None:
    receiver.status = status
    with pytest.raises(kind, match=str(status)):
        target(receiver.url).install(TURN, sealed("canary"))
    assert len(receiver.received) == 1


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(Unavailable) as refused:
        target("http://127.0.0.1:1/canary").install(TURN, sealed("canary"))
    assert "canary" not in repr((refused.value.detail, refused.value.__cause__))


@pytest.mark.parametrize(
    "secret", ["whsec_", "canary", "whsec_" + base64.b64encode(b"k" * 23).decode(), "whsec_\u00e9"]
)
def test_a_secret_that_signs_nothing_is_refused(receiver: Receiver, secret: str) -> None:
    with pytest.raises(TargetRefused, match="whsec_") as refused:
        target(receiver.url, secret).install(TURN, sealed("x"))
    assert "canary" not in refused.value.detail and receiver.received == []


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://10.0.0.1/", "https://169.254.169.254/", "https://[::1]/", "https://[::ffff:10.0.0.1]/",
     "https://[64:ff9b::a9fe:a9fe]/", "https://[2002:a00:1::]/", "https://[2001:0:a00:1::f5ff:fffe]/",
     "https://localhost/", "https://0.0.0.0/", "https://[fd00::1]/", "https://100.64.0.1/", "https://224.0.0.1/",
     "http://93.184.215.14/", "ftp://a/", "https://u:canary@93.184.215.14/", "https://", "https://a:b/", "canary"],
)  # fmt: skip
def test_where_many_share_a_home_only_public_https_is_told(url: str) -> None:
    with pytest.raises(TargetRefused) as refused:
        target(url, posts=Posts()).install(TURN, sealed("x"))
    assert "canary" not in refused.value.detail


def test_the_certificate_is_that_of_the_name_and_not_of_the_address(tmp_path: Path) -> None:
    generator = PycaSecretGenerator()
    begins_at = times.rfc3339(datetime.now(UTC) - timedelta(hours=1))
    life = {"begins_at": begins_at, "seconds": 24 * 3600}
    authority = generator.generate(CertificateRecipe(common_name="ours", is_authority=True, **life))  # type: ignore[arg-type]
    leaf = opened_certificate(generator, CertificateRecipe(common_name="hook", names=("localhost",), **life), authority)  # type: ignore[arg-type]
    file = tmp_path / "server.pem"
    file.write_text(leaf["certificate"] + leaf["private_key"])
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    told = Receiver()
    server = serve(told, context)
    trusting = Posts(local=True, context=ssl.create_default_context(cadata=leaf["chain"][0]))
    target(f"https://localhost:{server.server_port}/", posts=trusting).install(TURN, sealed("x"))
    assert len(told.received) == 1 and told.received[0][0]["host"] == f"localhost:{server.server_port}"
    for posts, host in ((trusting, "127.0.0.1"), (Posts(local=True), "localhost")):
        with pytest.raises(Unavailable):
            target(f"https://{host}:{server.server_port}/", posts=posts).install(TURN, sealed("x"))
    assert len(told.received) == 1
    server.shutdown()
    server.server_close()


def opened_certificate(generator: PycaSecretGenerator, recipe: CertificateRecipe, authority: Plaintext) -> Any:
    return json_text.read(generator.generate(recipe, authority).reveal.decode())
