"""The cache that containers share: it saves the Query of a cold read, and no answer is older by it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_config.adapters.valkey.client import client
from llm_config.adapters.valkey.shared_layers import ValkeySharedLayers
from llm_config_domain.names import TenantId
from tests.support.aws import AwsKit, on_aws
from tests.support.aws_calls import BATCH_GET, QUERY
from tests.support.valkey import connected, new_prefix, texts

CONFIG = "/api/v1/configs/gateway/primary?environment=production"
RESOLVED = "/api/v1/resolved/gateway/primary?environment=production"


class Deployment:
    """Containers of one deployment, each with its own connection to the cache."""

    def __init__(self, kit: AwsKit) -> None:
        self.kit, self.prefix = kit, new_prefix()
        self.acme = kit.tenant("acme")

    def container(self) -> AwsKit:
        new = self.kit.another_container()
        new.factories["shared_layers"] = lambda: ValkeySharedLayers(connected(), new.clock, self.prefix)
        return new

    def put(self, value: object, tenant: TenantId | None = None) -> None:
        token = self.kit.token(tenant or self.acme, "operator")
        assert self.kit.call("PUT", CONFIG, {"value": value}, token=token).status < 300

    def read(self, container: AwsKit, more: str = "", **headers: str) -> object:
        token = container.token(self.acme, "operator")
        reply = container.call("GET", RESOLVED + more, token=token, headers=headers)
        assert reply.status == 200, reply.text
        return reply.json["value"]

    def asked(self, container: AwsKit, **headers: str) -> tuple[object, dict[str, int]]:
        """What a container answers, and what it asked of AWS."""
        container.account.calls.clear()
        return self.read(container, **headers), dict(container.account.calls)


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Deployment]:
    with on_aws(tmp_path) as kit:
        yield Deployment(kit)


def test_what_one_container_read_another_has_without_a_query(deployed: Deployment) -> None:
    deployed.put({"number": 1})
    assert deployed.asked(deployed.container()) == ({"number": 1}, {BATCH_GET: 1, QUERY: 1})
    assert deployed.asked(deployed.container()) == ({"number": 1}, {BATCH_GET: 1})


def test_a_read_that_passes_every_cache_asks_the_store(deployed: Deployment) -> None:
    deployed.put(1)
    deployed.read(deployed.container())
    told = deployed.asked(deployed.container(), **{"cache-control": "no-cache"})
    assert told == (1, {BATCH_GET: 1, QUERY: 1})


def test_a_write_is_seen_by_whoever_asks_the_store_what_stands(deployed: Deployment) -> None:
    deployed.put(1)
    warm = deployed.container()
    deployed.read(warm)
    deployed.put(2)
    assert deployed.read(deployed.container()) == 2
    warm.clock.step(6)
    assert deployed.asked(warm) == (2, {BATCH_GET: 1})


def test_a_read_in_flight_brings_no_old_value_back(deployed: Deployment) -> None:
    """As in litellm's issue 25553: a reader that was overtaken by a write fills the cache after it."""
    deployed.put(1)
    slow, reader = deployed.container(), deployed.kit.provide("config_reader")
    key = (deployed.acme, "gateway", "primary")
    old = reader.layers(*key)
    deployed.put(2)
    assert deployed.read(deployed.container()) == 2
    slow.provide("shared_layers").keep(key, old)
    slow.provide("layer_cache").keep(key, old, slow.provide("layer_cache").now())
    slow.clock.step(6)
    assert (deployed.read(slow), deployed.read(deployed.container())) == (2, 2)


def test_what_was_deleted_is_answered_by_no_cache(deployed: Deployment) -> None:
    """As in langfuse's issue 10138, where a label that was removed is served for ever."""
    deployed.put(1)
    warm, token = deployed.container(), deployed.kit.token(deployed.acme, "tenant-admin")
    deployed.read(warm)
    assert deployed.kit.call("DELETE", CONFIG, token=token).status == 204
    warm.clock.step(6)
    assert [one.call("GET", RESOLVED, token=token).status for one in (warm, deployed.container())] == [404, 404]


def test_a_version_that_is_asked_for_is_never_another_one_from_a_cache(deployed: Deployment) -> None:
    """As in langfuse's issue 10197, where the version is no part of the cache's key."""
    for value in (1, 2, 3):
        deployed.put(value)
        deployed.read(deployed.container())
    one = deployed.container()
    assert [deployed.read(one, f"&as_of={revision}") for revision in (1, 2, 3)] == [1, 2, 3]


def test_a_key_that_was_ended_is_refused_by_every_container_within_the_bound(deployed: Deployment) -> None:
    """As in litellm's issue 9820, where other processes go on to take a key that was revoked."""
    deployed.put(1)
    admin = deployed.kit.token(deployed.acme, "tenant-admin")
    made = deployed.kit.call("POST", "/api/v1/api-keys", {"name": "a", "roles": ["viewer"]}, token=admin)
    warm, told = deployed.container(), {"x-api-key": made.json["key"]}
    assert warm.call("GET", RESOLVED, headers=told).status == 200
    assert deployed.kit.call("DELETE", f"/api/v1/api-keys/{made.json['id']}", token=admin).status == 204
    warm.clock.step(6)
    assert [one.call("GET", RESOLVED, headers=told).status for one in (warm, deployed.container())] == [401, 401]


def test_what_is_not_fresh_says_so(deployed: Deployment) -> None:
    """As in spring-cloud-config's issue 527, where an old answer looks like a new one."""
    deployed.put(1)
    warm, token = deployed.container(), deployed.kit.token(deployed.acme, "viewer")
    deployed.read(warm)
    warm.clock.step(4)
    told = warm.call("GET", RESOLVED, token=token).json
    assert (told["age_seconds"], told["stale"], told["revision"]) == (4, False, 1)


def test_tenants_share_nothing(deployed: Deployment) -> None:
    other = deployed.kit.tenant("acme-corp")
    deployed.put("ours")
    deployed.put("theirs", other)
    one = deployed.container()
    assert deployed.read(one) == "ours"
    assert one.call("GET", RESOLVED, token=one.token(other, "viewer")).json["value"] == "theirs"


def test_a_purge_makes_every_container_read_again(deployed: Deployment) -> None:
    deployed.put(1)
    warm, token = deployed.container(), deployed.kit.token(deployed.acme, "operator")
    deployed.read(warm)
    told = deployed.kit.call("POST", "/api/v1/cache-purges", {"reason": "put back"}, token=token)
    assert (told.status, told.json["generation"]) == (200, 1)
    warm.clock.step(6)
    assert deployed.asked(warm) == (1, {BATCH_GET: 1, QUERY: 1})
    assert deployed.asked(deployed.container()) == (1, {BATCH_GET: 1})


def test_without_the_cache_everything_is_served_from_the_store(deployed: Deployment) -> None:
    deployed.put(1)
    one = deployed.container()
    one.factories["shared_layers"] = lambda: ValkeySharedLayers(client(host="127.0.0.1", port=1), one.clock, "x")
    assert deployed.asked(one) == (1, {BATCH_GET: 1, QUERY: 1})
    one.clock.step(6)
    deployed.put(2)
    assert deployed.read(one) == 2


def test_no_secret_is_in_it(deployed: Deployment) -> None:
    token = deployed.kit.token(deployed.acme, "operator")
    secret = {"type": "generic", "value": "canary-in-a-secret"}
    assert deployed.kit.call("PUT", "/api/v1/secrets/keys/a?environment=production", secret, token=token).status == 201
    deployed.put({"key": {"$secret": "keys/a"}, "plain": "canary-in-a-config"})
    for _ in range(2):
        assert deployed.read(deployed.container(), "&secrets=reveal") == {
            "key": "canary-in-a-secret",
            "plain": "canary-in-a-config",
        }
    held = texts(deployed.prefix)
    assert b"canary-in-a-secret" not in held
    assert b"canary-in-a-config" in held, "this is where it would be found"
