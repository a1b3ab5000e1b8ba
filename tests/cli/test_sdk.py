"""The SDK against a home that serves."""

import asyncio
from decimal import Decimal
from typing import Any

import httpx
import pytest

from llm_config_client import AsyncClient, Client, NotModified, Retries, calls, request_id
from llm_config_domain.errors import Conflict, IdempotencyMismatch, NotFound, PreconditionFailed
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


def test_a_config_goes_through_its_whole_life(served_home: ServedHome, token: str) -> None:
    at: dict[str, Any] = {"path": "life/a", "environment": "production"}
    with Client(served_home.url, token) as client:
        client.create_config(value={"n": 1}, reason="first", **at)
        with pytest.raises(Conflict):
            client.create_config(value=1, **at)
        assert client.patch_config(patch={"n": 2}, if_match='"1"', **at).version == 2
        assert client.patch_config(patch=[{"op": "add", "path": "/m", "value": 3}], **at).value == {"n": 2, "m": 3}
        assert client.diff_config(from_version=1, to_version=3, **at).from_ == 1
        assert client.rollback_config(version=1, **at).value == {"n": 1}
        client.delete_config(reason="not used", **at)
        with pytest.raises(NotFound):
            client.get_config(**at)
        assert client.restore_config(**at).value == {"n": 1}
        told = [(one.version, one.change_type) for one in client.every(calls.list_config_versions, limit=2, **at)]
        assert told == list(
            zip(range(6, 0, -1), ["restore", "delete", "rollback", "update", "update", "create"], strict=True)
        )
        assert client.validate_config(value={"n": "x"}, schema={"type": "string"}, **at).valid is False


def test_a_secret_goes_through_its_whole_life(served_home: ServedHome, token: str) -> None:
    at: dict[str, Any] = {"path": "life/s", "environment": "production"}
    with Client(served_home.url, token) as client:
        client.create_secret(value="one", **at)
        assert client.put_secret(value="two", activate=False, **at).stage == "pending"
        assert client.activate_secret(version=2, **at).stage == "current"
        assert client.revoke_secret(version=1, **at).stage == "revoked"
        assert [one.stage for one in client.destroy_secret(versions=[1], **at).versions] == ["destroyed"]
        assert [one.stage for one in client.every(calls.list_secret_versions, **at)] == ["current", "destroyed"]
        client.delete_secret(**at)
        assert [one.key for one in client.every(calls.list_secrets, namespace="life")] == []
        client.restore_secret(**at)
        assert client.get_secret(**at).value == "two"
        assert [one.value for one in client.get_secret_stages(**at, stage="current").versions] == ["two"]
        assert client.copy_secret(**at, to_path="life/copy").key == "copy"
        assert client.move_secret(**at, to_path="life/s", to_environment="staging").environment == "staging"
        assert [one.environment for one in client.every(calls.list_secrets, namespace="life")] == [
            "production",
            "staging",
        ]


def test_a_namespace_comes_whole_and_is_followed_from_there(served_home: ServedHome, token: str) -> None:
    with Client(served_home.url, token) as client:
        for number in range(3):
            client.put_config(f"whole/k{number}", number, environment="global")
        whole = client.resolve_namespace("whole", environment="production")
        assert ([item.value for item in whole.items], whole.count) == ([0, 1, 2], 3)
        following = client.follow("whole", str(whole.revision), interval=0.05)
        client.put_config("whole/k1", "new", environment="global")
        assert [(change.key, change.value) for change in next(following).changes] == [("k1", "new")]
        client.delete_config("whole/k1", environment="global")
        [change] = next(following).changes
        assert (change.change_type, "value" in change.model_fields_set) == ("delete", False)


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
