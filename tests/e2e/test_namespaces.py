"""What is said about a namespace."""

import pytest

from llm_config_client import Client, calls
from llm_config_domain.errors import Conflict, PreconditionFailed
from tests.e2e.deployments import settled


def test_a_namespace_says_whose_it_is_and_how_far_it_has_come(client: Client, space: str) -> None:
    told = client.put_namespace(space, description="routes", owner_team="core", contacts=["core@example.com"])
    client.put_config(f"{space}/a", 1, environment="global")
    found = client.get_namespace(space)
    assert (found.owner_team, found.contacts, found.etag) == ("core", ["core@example.com"], told.etag)
    assert (found.configs_revision, found.secrets_revision) == (1, 0)
    settled(lambda: space in [one.namespace for one in client.every(calls.list_namespaces)], "it is not listed")


def test_a_namespace_that_holds_something_stays(client: Client, space: str) -> None:
    etag = client.put_namespace(space, description="routes").etag
    client.put_config(f"{space}/a", 1, environment="global")
    with pytest.raises(PreconditionFailed):
        client.put_namespace(space, description="other", if_match='"9"')
    with pytest.raises(Conflict):
        client.delete_namespace(space, if_match=etag)
    client.delete_config(f"{space}/a", environment="global")
    client.delete_namespace(space)
    assert client.get_namespace(space).description is None
