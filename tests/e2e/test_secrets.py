"""Secrets: sealed under their tenant's key, released on record, staged from pending to destroyed."""

from typing import Any

import pytest

from llm_config_client import Client, calls
from llm_config_domain.errors import Conflict, NotFound, PermissionDenied, Refusal
from tests.e2e.deployments import Tenant, settled


@pytest.fixture
def at(space: str) -> dict[str, Any]:
    return {"path": f"{space}/key", "environment": "production"}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("api_key", "sk-live-☃", id="text"),
        pytest.param("database_credentials", {"username": "u", "password": "p"}, id="credentials"),
        pytest.param("generic", "x" * 100_000, id="more than a row holds"),
    ],
)
def test_a_secret_comes_back_and_its_value_nowhere_else(
    client: Client, at: dict[str, Any], kind: str, value: Any
) -> None:
    stored = client.put_secret(value=value, type=kind, reason="first", **at)
    assert (stored.version, stored.stage, stored.type) == (1, "current", kind)
    assert not hasattr(stored, "value")
    assert client.get_secret(**at).value == value


def test_a_secret_goes_through_its_stages(client: Client, at: dict[str, Any]) -> None:
    client.create_secret(value="one", **at)
    with pytest.raises(Conflict):
        client.create_secret(value="one", **at)
    assert client.put_secret(value="two", activate=False, **at).stage == "pending"
    assert client.get_secret(**at).value == "one"
    assert client.activate_secret(version=2, **at).stage == "current"
    assert (client.get_secret(**at).value, client.get_secret(version=1, **at).value) == ("two", "one")
    assert client.revoke_secret(version=1, **at).stage == "revoked"
    with pytest.raises(Refusal):
        client.get_secret(version=1, **at)
    assert [one.stage for one in client.destroy_secret(versions=[1], **at).versions] == ["destroyed"]
    settled(lambda: _stages(client, at) == ["current", "destroyed"], "the list of versions stays behind")


def _stages(client: Client, at: dict[str, Any]) -> list[str]:
    return [one.stage for one in client.every(calls.list_secret_versions, limit=1, **at)]


def test_the_version_in_use_and_the_one_before_come_in_one_answer(client: Client, at: dict[str, Any]) -> None:
    for value in ("one", "two"):
        client.put_secret(value=value, **at)
    found = client.get_secret_stages(**at).versions
    assert [(one.version, one.stage, one.value) for one in found] == [(2, "current", "two"), (1, "previous", "one")]


def test_a_secret_is_copied_and_moved_unread(client: Client, at: dict[str, Any]) -> None:
    client.put_secret(value="x" * 100_000, **at)
    there = {**at, "path": f"{at['path']}-too"}
    assert client.copy_secret(**at, to_path=at["path"], to_environment="staging").environment == "staging"
    assert client.move_secret(**at, to_path=there["path"]).version == 1
    assert client.get_secret(**there).value == "x" * 100_000
    assert client.get_secret(at["path"], environment="staging").value == "x" * 100_000
    with pytest.raises(NotFound):
        client.get_secret(**at)


def test_a_deleted_secret_is_absent_until_it_is_restored(client: Client, at: dict[str, Any]) -> None:
    client.put_secret(value="one", **at)
    client.delete_secret(reason="leaked", **at)
    with pytest.raises(NotFound):
        client.get_secret(**at)
    client.restore_secret(**at)
    assert client.get_secret(**at).value == "one"


def test_a_secret_is_of_one_environment_alone(client: Client, at: dict[str, Any]) -> None:
    client.put_secret(value="one", **at)
    for environment in ("global", "staging"):
        with pytest.raises(NotFound):
            client.get_secret(at["path"], environment=environment)


def test_who_may_see_that_a_secret_exists_may_not_read_it(acme: Tenant, client: Client, at: dict[str, Any]) -> None:
    client.put_secret(value="one", **at)
    with acme.client("viewer") as viewer:
        with pytest.raises(PermissionDenied):
            viewer.get_secret(**at)
        space = at["path"].rpartition("/")[0]
        settled(lambda: len(list(viewer.every(calls.list_secrets, namespace=space))) == 1, "the secret is not listed")


def test_an_answer_that_holds_a_secret_is_kept_by_nobody(acme: Tenant, client: Client, at: dict[str, Any]) -> None:
    client.put_secret(value="one", **at)
    with acme.http("operator") as http:
        reply = http.get(f"/api/v1/secrets/{at['path']}", params={"environment": "production"})
    assert (reply.json()["value"], reply.headers["cache-control"]) == ("one", "no-store")
