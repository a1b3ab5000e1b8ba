"""Credentials: API keys and service tokens, given, used and taken back."""

import httpx
import pytest

from llm_config_client import Client, calls
from llm_config_domain.errors import NotFound, PermissionDenied, Unauthenticated
from tests.e2e.deployments import Deployment, Tenant, plain, settled


def test_an_api_key_works_until_it_is_deleted(acme: Tenant, client: Client, space: str) -> None:
    client.put_config(f"{space}/a", 1, environment="production")
    made = client.create_api_key("of a worker", ["operator"])
    assert made.key
    with Client(acme.url, made.key) as worker:
        assert (worker.whoami().credential, worker.whoami().tenant) == ("api_key", acme.name)
        assert worker.get_config(f"{space}/a", environment="production").value == 1
        client.delete_api_key(made.id)
        with pytest.raises(Unauthenticated):
            worker.whoami()
    with pytest.raises(NotFound):
        client.get_api_key(made.id)


def test_an_api_keys_secret_is_shown_once(client: Client) -> None:
    made = client.create_api_key("shown once", ["viewer"])
    again = client.get_api_key(made.id)
    assert (again.name, again.roles) == ("shown once", ["viewer"])
    assert not hasattr(again, "key")
    settled(lambda: made.id in [one.id for one in client.every(calls.list_api_keys)], "the key is not listed")


def test_a_service_token_reaches_its_namespaces_and_no_further(acme: Tenant, client: Client, space: str) -> None:
    client.put_config(f"{space}/in/a", 1, environment="production")
    client.put_config(f"{space}/out/a", 1, environment="production")
    given = client.create_service_token("gateway", ["service-account"], namespaces=[f"{space}/in"], ttl=300)
    with Client(acme.url, given.token) as service:
        assert service.whoami().subject == "service:gateway"
        assert service.get_config(f"{space}/in/a", environment="production").value == 1
        with pytest.raises(PermissionDenied):
            service.get_config(f"{space}/out/a", environment="production")
        with pytest.raises(PermissionDenied):
            service.put_config(f"{space}/in/a", 2, environment="production")


@pytest.mark.parametrize(
    ("role", "environment", "may"),
    [
        pytest.param("operator", "production", True, id="an operator writes in production"),
        pytest.param("developer", "development", True, id="a developer writes in development"),
        pytest.param("developer", "production", False, id="a developer does not write in production"),
        pytest.param("viewer", "development", False, id="a viewer writes nowhere"),
    ],
)
def test_roles_decide_who_writes_where(acme: Tenant, space: str, role: str, environment: str, may: bool) -> None:
    with acme.client(role) as client:
        if may:
            assert client.put_config(f"{space}/a", 1, environment=environment).version == 1
        else:
            with pytest.raises(PermissionDenied):
                client.put_config(f"{space}/a", 1, environment=environment)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="none"),
        pytest.param({"Authorization": "Bearer not.a.token"}, id="no token"),
        pytest.param({"X-API-Key": "llmc_01ARZ3NDEKTSV4RRFFQ69G5FAV_" + "a" * 43}, id="a key that nobody gave"),
    ],
)
def test_without_a_valid_credential_nothing_is_told(deployed: Deployment, headers: dict[str, str]) -> None:
    with plain(deployed.url) as http:
        reply = http.get("/api/v1/whoami", headers=headers)
    assert (reply.status_code, reply.json()["kind"]) == (401, "unauthenticated")


def test_a_token_changed_by_one_letter_is_refused(acme: Tenant) -> None:
    head, payload, signature = acme.token().split(".")
    forged = f"{head}.{payload}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"
    with pytest.raises(Unauthenticated), Client(acme.url, forged) as client:
        client.whoami()


def test_health_is_told_to_everybody(deployed: Deployment) -> None:
    with Client(deployed.url) as client:
        assert (client.live().status, client.ready().status) == ("live", "ready")
    with plain(deployed.url) as http:
        assert http.get("/api/v1/openapi.json").json()["openapi"].startswith("3.")


def test_what_is_wrong_is_a_problem_that_quotes_nothing(http: httpx.Client, space: str) -> None:
    reply = http.put(f"/api/v1/configs/{space}/a", json={"value": 1, "no-such-field": "canary"})
    assert (reply.status_code, reply.headers["content-type"]) == (400, "application/problem+json")
    assert "canary" not in reply.text
    assert reply.json()["request_id"] == reply.headers["x-request-id"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/nowhere", 404), ("GET", "/api/v1/configs/no-key?environment=edge", 400),
     ("POST", "/api/v1/config-batches", 400)],
)  # fmt: skip
def test_a_request_that_no_route_takes_is_refused(http: httpx.Client, method: str, path: str, status: int) -> None:
    assert http.request(method, path).status_code == status
