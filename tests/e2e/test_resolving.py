"""Resolving: the layers of an environment, where each leaf came from, and secrets in their places."""

import pytest

from llm_config_client import Client, NotModified
from llm_config_domain.errors import NotFound
from tests.e2e.deployments import Deployment, settled


def test_each_leaf_says_which_layer_it_came_from_and_what_it_hides(client: Client, space: str) -> None:
    path = f"{space}/database"
    client.put_config(path, {"pool": 10, "timeout": "30s", "ssl": False}, environment="global", reason="defaults")
    client.put_config(path, {"pool": 5}, environment="development")
    client.put_config(path, {"pool": 50, "ssl": True}, environment="production", reason="load")
    told = client.resolve(path, environment="production", explain=True)
    assert told.value == {"pool": 50, "timeout": "30s", "ssl": True}
    assert told.explain is not None
    origin = told.explain["/pool"]
    assert (origin.layer, origin.environment, origin.reason) == ("tenant", "production", "load")
    assert [hidden.environment for hidden in origin.shadows] == ["global", "development"]
    assert (told.explain["/timeout"].environment, told.explain["/timeout"].reason) == ("global", "defaults")


def test_the_platform_stands_below_and_above_every_tenant(deployed: Deployment, client: Client, space: str) -> None:
    path = f"{space}/limits"
    with deployed.platform.client("global-admin") as platform:
        platform.put_config(path, {"retries": 3, "region": "eu"}, environment="global")
        platform.put_config(path, {"audit": True}, environment="system")
    client.put_config(path, {"retries": 9, "audit": False}, environment="production")
    told = client.resolve(path, environment="production", explain=True)
    assert told.value == {"retries": 9, "region": "eu", "audit": True}
    assert told.explain is not None
    assert (told.explain["/audit"].layer, told.explain["/region"].layer) == ("platform", "platform")


def test_a_secret_stands_in_its_place_for_who_asks_and_may_read_it(client: Client, space: str) -> None:
    reference = {"$secret": f"{space}/key"}
    client.put_secret(f"{space}/key", "sk-live", type="api_key", environment="production")
    client.put_secret(f"{space}/key", "sk-test", type="api_key", environment="staging")
    client.put_config(f"{space}/model", {"key": reference, "name": "m"}, environment="global")
    hidden = client.resolve(f"{space}/model", environment="production")
    shown = client.resolve(f"{space}/model", environment="production", secrets="reveal")
    assert (hidden.value["key"], shown.value) == (reference, {"key": "sk-live", "name": "m"})
    assert client.resolve(f"{space}/model", environment="staging", secrets="reveal").value["key"] == "sk-test"


def test_a_resolved_answer_follows_a_change_within_its_bound(client: Client, space: str) -> None:
    path = f"{space}/flag"
    client.put_config(path, {"on": False}, environment="global")
    etag = client.resolve(path, environment="edge").etag
    with pytest.raises(NotModified):
        client.resolve(path, environment="edge", if_none_match=etag)
    client.put_config(path, {"on": True}, environment="edge")
    settled(lambda: client.resolve(path, environment="edge").value == {"on": True}, "an old answer outlives its bound")


def test_an_answer_is_given_as_it_stood_at_a_revision(client: Client, space: str) -> None:
    path = f"{space}/flag"
    client.put_config(path, "old", environment="global")
    client.put_config(path, "new", environment="global")
    assert client.resolve(path, environment="edge", as_of=1).value == "old"
    assert client.resolve(path, environment="edge", min_revision=2).value == "new"


def test_a_namespace_is_resolved_whole_at_one_revision(client: Client, space: str) -> None:
    for key in ("a", "b"):
        client.put_config(f"{space}/{key}", {"of": key, "n": 1}, environment="global")
    client.put_config(f"{space}/b", {"n": 2}, environment="production")
    settled(lambda: client.resolve_namespace(space, environment="production").count == 2, "keys are missing")
    whole = client.resolve_namespace(space, environment="production")
    assert {item.key: item.value for item in whole.items} == {"a": {"of": "a", "n": 1}, "b": {"of": "b", "n": 2}}
    assert whole.revision == 3


def test_what_no_layer_has_is_absent(client: Client, space: str) -> None:
    with pytest.raises(NotFound):
        client.resolve(f"{space}/nowhere", environment="production")


def test_a_purge_begins_the_next_generation_and_configs_read_as_before(client: Client, space: str) -> None:
    client.put_config(f"{space}/a", 1, environment="global")
    first = client.purge_caches(reason="to see that it does").generation
    assert client.resolve(f"{space}/a", environment="global").value == 1
    assert client.purge_caches().generation == first + 1
