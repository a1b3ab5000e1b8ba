"""The local front: what API Gateway would answer, and events that its handlers can trust."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from llm_config.runtime import wiring
from llm_config_local.front import application
from tests.support.homes import EmbeddedKit, embedded

ISSUER = "http://127.0.0.1:1"


class Front:
    """The front without a socket."""

    def __init__(self, kit: EmbeddedKit) -> None:
        self.kit = kit
        wiring.use(kit.factories)
        self.app = application(lambda: {"keys": [kit.family.tokens.jwk()]}, ISSUER, kit.family.audit_exports.fetched)

    def __call__(self, method: str, url: str, **sent: Any) -> httpx.Response:
        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.request(method, url, **sent)

        return asyncio.run(send())


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with embedded(tmp_path_factory.mktemp("home")) as kit:
        yield Front(kit)


@pytest.fixture(scope="module")
def headers(front: Front) -> dict[str, str]:
    return {"authorization": f"Bearer {front.kit.token(front.kit.tenant('acme'), 'operator')}"}


@pytest.mark.parametrize("path", ["/", "/api/v1", "/api/v1/nothing", "/api/v2/whoami", "/health", "/api/v1/configs/"])
def test_a_path_of_no_route_is_a_problem(front: Front, path: str) -> None:
    reply = front("GET", path)
    assert (reply.status_code, reply.json()["kind"]) == (404, "not_found")
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["request_id"] == reply.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("DELETE", "/api/v1/whoami", "GET"),
        ("PATCH", "/api/v1/secrets/a/b", "DELETE, GET, POST, PUT"),
        ("HEAD", "/health/live", "GET"),
        ("OPTIONS", "/api/v1/tenants", "POST"),
    ],
)
def test_another_method_is_told_which_there_are(front: Front, method: str, path: str, allow: str) -> None:
    reply = front(method, path)
    assert (reply.status_code, reply.headers["allow"]) == (405, allow)


def test_a_config_goes_in_and_comes_out_to_the_digit(front: Front, headers: dict[str, str]) -> None:
    value = (
        '{"big":123456789012345678901234567890,"fine":0.1000000000000000055511151231257827,"one":1.10,"é":"\\u2028"}'
    )
    url = "/api/v1/configs/exact/numbers?environment=edge"
    body = f'{{"value":{value}}}'.encode()
    put = front("PUT", url, content=body, headers={**headers, "content-type": "application/json"})
    assert put.status_code == 201
    for text in (put.text, front("GET", url, headers=headers).text):
        assert (
            '"value":{"big":123456789012345678901234567890,"fine":0.1000000000000000055511151231257827,"one":1.10,'
            in text
        )
    resolved = front("GET", "/api/v1/resolved/exact/numbers?environment=edge", headers=headers)
    assert '"fine":0.1000000000000000055511151231257827' in resolved.text


def test_an_encoded_name_is_refused_whatever_it_would_decode_to(front: Front, headers: dict[str, str]) -> None:
    for path in ("app/data%62ase", "app%2Fdatabase/x", "a/b%00", "a/b%"):
        reply = front("GET", f"/api/v1/configs/{path}?environment=edge", headers=headers)
        assert (reply.status_code, reply.json()["kind"]) == (400, "malformed")


def test_a_parameter_given_twice_is_refused(front: Front, headers: dict[str, str]) -> None:
    reply = front("GET", "/api/v1/configs/a/b?environment=edge&environment=edge", headers=headers)
    assert reply.status_code == 400


def test_a_body_over_the_limit_is_refused_before_it_is_held(front: Front, headers: dict[str, str]) -> None:
    sent = {**headers, "content-type": "application/json"}
    for size in (2 * 1024 * 1024 + 1, 5 * 1024 * 1024):
        reply = front("PUT", "/api/v1/configs/a/b?environment=edge", content=b" " * size, headers=sent)
        assert (reply.status_code, reply.json()["kind"], reply.json()["limit"]) == (413, "too_large", 2 * 1024 * 1024)


def test_the_issuer_publishes_its_keys_and_no_private_part(front: Front) -> None:
    discovery = front("GET", "/.well-known/openid-configuration").json()
    assert discovery == {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/.well-known/jwks.json"}
    (key,) = front("GET", "/.well-known/jwks.json").json()["keys"]
    assert (key["kty"], key["crv"], key["alg"], key["use"]) == ("EC", "P-256", "ES256", "sig")
    assert "d" not in key


def test_the_description_needs_no_credential(front: Front) -> None:
    reply = front("GET", "/api/v1/openapi.json")
    assert (reply.status_code, reply.json()["openapi"]) == (200, "3.1.0")


def test_every_answer_carries_a_request_id_of_its_own(front: Front) -> None:
    paths = ["/health/live", "/health/ready", "/api/v1/whoami", "/nowhere", "/.well-known/jwks.json"]
    ids = [front("GET", path).headers["x-request-id"] for path in paths]
    assert len(set(ids)) == len(paths)


def test_a_damaged_store_is_503_and_not_ready(front: Front, tmp_path: Path) -> None:
    with embedded(tmp_path / "other") as kit:
        damaged = Front(kit)
        assert damaged("GET", "/health/ready").status_code == 200
        with kit.family.store.snapshot() as db:
            db.execute("PRAGMA query_only=OFF")
            db.rollback()
            db.execute("DROP TABLE tenants")
        reply = damaged("GET", "/health/ready")
        assert (reply.status_code, reply.json()["kind"], reply.json()["retryable"]) == (503, "unavailable", True)
        assert reply.headers["retry-after"]
        assert damaged("GET", "/health/live").status_code == 200
    wiring.use(front.kit.factories)
