"""Tenants share a deployment, and none sees another."""

from collections.abc import Callable

import httpx
import pytest

from llm_config_client import Client, calls
from llm_config_domain.errors import Conflict, NotFound, PermissionDenied
from tests.e2e.deployments import Deployment, Tenant


def test_a_new_tenant_is_active_and_known_by_its_name(acme: Tenant) -> None:
    with acme.client() as client:
        told = client.get_tenant(acme.name)
    assert (told.id, told.status, told.tier) == (acme.id, "active", "standard")


def test_a_tenants_name_is_given_once(deployed: Deployment, acme: Tenant) -> None:
    with deployed.platform.client("global-admin") as client, pytest.raises(Conflict):
        client.create_tenant(acme.name)


def test_tenants_are_made_by_the_platform_alone(client: Client) -> None:
    with pytest.raises(PermissionDenied):
        client.create_tenant("e2e-not-allowed")


def test_each_caller_is_told_its_own_tenant(acme: Tenant, acme_corp: Tenant) -> None:
    for tenant in (acme, acme_corp):
        with tenant.client() as client:
            told = client.whoami()
        assert (told.tenant, told.tenant_id, told.credential) == (tenant.name, tenant.id, "jwt")


READS: list[tuple[str, Callable[[Client, str], object]]] = [
    ("config", lambda client, path: client.get_config(path, environment="production")),
    ("resolved config", lambda client, path: client.resolve(path, environment="production")),
    ("secret", lambda client, path: client.get_secret(path, environment="production")),
    ("restored config", lambda client, path: client.restore_config(path, environment="production")),
    ("revoked secret", lambda client, path: client.revoke_secret(path, environment="production", version=1)),
]


@pytest.mark.parametrize("ask", [pytest.param(ask, id=name) for name, ask in READS])
def test_what_another_tenant_has_is_absent(
    acme_corp: Tenant, client: Client, space: str, ask: Callable[[Client, str], object]
) -> None:
    client.put_config(f"{space}/a", 1, environment="production")
    client.put_secret(f"{space}/a", "hidden", environment="production")
    with acme_corp.client() as stranger, pytest.raises(NotFound):
        ask(stranger, f"{space}/a")


def test_another_tenants_object_answers_exactly_like_one_that_does_not_exist(
    acme_corp: Tenant, client: Client, space: str
) -> None:
    client.put_secret(f"{space}/there", "hidden", environment="production")
    with acme_corp.http() as stranger:
        answers = [_anonymous(stranger, f"/api/v1/secrets/{space}/{key}") for key in ("there", "nowhere")]
    assert answers[0] == answers[1]


def _anonymous(http: httpx.Client, path: str) -> tuple[int, dict[str, object], list[str]]:
    """An answer without what numbers it."""
    reply = http.get(path, params={"environment": "production"})
    told = {name: value for name, value in reply.json().items() if name != "request_id"}
    return reply.status_code, told, sorted(name.lower() for name in reply.headers)


def test_two_tenants_keep_the_same_name_apart(acme: Tenant, acme_corp: Tenant, space: str) -> None:
    for tenant in (acme, acme_corp):
        with tenant.client() as client:
            client.put_config(f"{space}/same", tenant.name, environment="production")
            client.put_secret(f"{space}/same", f"of {tenant.name}", environment="production")
    for tenant in (acme, acme_corp):
        with tenant.client() as client:
            assert client.get_config(f"{space}/same", environment="production").value == tenant.name
            assert client.get_secret(f"{space}/same", environment="production").value == f"of {tenant.name}"


def test_a_tenant_lists_nothing_of_another(acme_corp: Tenant, client: Client, space: str) -> None:
    client.put_config(f"{space}/listed", 1, environment="production")
    client.put_secret(f"{space}/listed", "hidden", environment="production")
    with acme_corp.client() as stranger:
        assert list(stranger.every(calls.list_configs, namespace=space)) == []
        assert list(stranger.every(calls.list_secrets, namespace=space)) == []
        assert stranger.changes(space).changes == []
        assert space not in [one.namespace for one in stranger.every(calls.list_namespaces)]
