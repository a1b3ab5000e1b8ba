"""The SDK against a home that serves."""

import asyncio
from decimal import Decimal

import httpx
import pytest

from llm_config_client import AsyncClient, Client, NotModified, Retries, request_id
from llm_config_domain.errors import IdempotencyMismatch, NotFound, PreconditionFailed
from tests.cli.running import ServedHome


class LosingTheFirstAnswer(httpx.HTTPTransport):
    """The request arrives and has its effect; its answer does not come back."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if self.lost:
            return response
        self.lost += 1
        response.close()
        raise httpx.ReadError("lost")


@pytest.fixture(scope="module")
def token(served_home: ServedHome) -> str:
    served_home.tenant("programs")
    return served_home.token("programs", "tenant-admin")


def test_a_write_whose_answer_was_lost_has_one_effect(served_home: ServedHome, token: str) -> None:
    losing = LosingTheFirstAnswer()
    with Client(served_home.url, token, transport=losing, retries=Retries(base_seconds=0)) as client:
        first = client.put_config("app/lost", 1, environment="edge")
        assert (losing.lost, first.version) == (1, 1)
        assert client.get_config("app/lost", environment="edge").version == 1


def test_every_call_comes_back_as_its_model(served_home: ServedHome, token: str) -> None:
    with Client(served_home.url, token) as client:
        stored = client.put_config("app/all", {"n": Decimal("1.10")}, environment="global", tags={"team": "core"})
        assert (stored.version, stored.tags) == (1, {"team": "core"})
        resolved = client.resolve("app/all", environment="production", explain=True)
        assert resolved.value == {"n": Decimal("1.10")}
        assert resolved.explain is not None
        assert resolved.explain["/n"].environment == "global"
        assert client.put_secret("keys/all", {"a": [1]}, environment="edge").type == "generic"
        assert client.get_secret("keys/all", environment="edge", version=1).value == {"a": [1]}
        assert client.get_tenant("programs").name == client.whoami().tenant == "programs"
        assert (client.live().status, client.ready().status) == ("live", "ready")


def test_what_the_service_refuses_is_raised_as_its_class(served_home: ServedHome, token: str) -> None:
    with Client(served_home.url, token) as client:
        with pytest.raises(NotFound) as absent:
            client.get_config("app/none", environment="edge")
        assert len(request_id(absent.value)) == 26
        client.put_config("app/refused", 1, environment="edge", idempotency_key="one")
        with pytest.raises(PreconditionFailed):
            client.put_config("app/refused", 1, environment="edge", if_none_match="*")
        with pytest.raises(IdempotencyMismatch):
            client.put_config("app/refused", 2, environment="edge", idempotency_key="one")
        with pytest.raises(NotModified):
            client.get_config("app/refused", environment="edge", if_none_match='"1"')


def test_the_async_client_reads_what_the_other_wrote(served_home: ServedHome, token: str) -> None:
    async def read() -> object:
        async with AsyncClient(served_home.url, token) as client:
            await client.put_config("app/async", "text", environment="edge")
            return (await client.get_config("app/async", environment="edge")).value

    assert asyncio.run(read()) == "text"
