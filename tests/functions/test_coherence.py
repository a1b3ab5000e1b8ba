"""What a container answers from its memory is within its bound, says so, and never goes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_config_domain.names import TenantId
from tests.support.aws import AwsKit, on_aws

ACME = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
CONFIG = "/api/v1/configs/gateway/primary?environment=production"
RESOLVED = "/api/v1/resolved/gateway/primary?environment=production"


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        kit.tenant("acme", ACME)
        yield kit


def put(kit: AwsKit, value: int) -> None:
    assert kit.call("PUT", CONFIG, {"value": value}, token=kit.token(ACME, "operator")).status < 300


def read(kit: AwsKit, **headers: str) -> tuple[int, int, int, bool]:
    told = kit.call("GET", RESOLVED, token=kit.token(ACME, "viewer"), headers=headers).json
    return told["value"], told["revision"], told["age_seconds"], told["stale"]


def test_a_write_elsewhere_shows_within_the_bound_and_the_age_is_told(kit: AwsKit) -> None:
    put(kit, 1)
    reader = kit.another_container()
    assert read(reader) == (1, 1, 0, False)
    put(kit, 2)
    kit.clock.step(3)
    assert read(reader) == (1, 1, 3, False), "from memory, and it says how old"
    assert read(reader, **{"cache-control": "no-cache"}) == (2, 2, 0, False)
    assert read(reader) == (2, 2, 0, False), "what went past the cache is in it"
    put(kit, 3)
    kit.clock.step(6)
    assert read(reader) == (3, 3, 0, False)


def test_who_names_the_revision_of_its_own_write_reads_it_at_once(kit: AwsKit) -> None:
    put(kit, 1)
    reader, token = kit.another_container(), kit.token(ACME, "viewer")
    read(reader)
    put(kit, 2)
    assert read(reader)[0] == 1
    assert reader.call("GET", f"{RESOLVED}&min_revision=2", token=token).json["value"] == 2
    reply = reader.call("GET", f"{RESOLVED}&min_revision=3", token=token)
    assert (reply.status, reply.json["kind"]) == (400, "malformed")


def test_an_answer_never_goes_back(kit: AwsKit) -> None:
    put(kit, 1)
    reader, seen = kit.another_container(), 0
    for value in range(2, 12):
        put(kit, value)
        kit.clock.step(2)
        _, revision, age, _ = read(reader)
        assert revision >= seen and age < 5
        seen = revision
    assert seen > 1


def test_the_platforms_layer_shows_within_the_bound_too(kit: AwsKit) -> None:
    from llm_config_domain.names import PLATFORM

    put(kit, 1)
    reader = kit.another_container()
    read(reader)
    enforced = CONFIG.replace("production", "system")
    assert kit.call("PUT", enforced, {"value": 9}, token=kit.token(PLATFORM, "global-admin")).status == 201
    kit.clock.step(6)
    assert read(reader)[0] == 9


def test_a_tenant_that_was_suspended_is_answered_from_memory_for_the_bound_at_most(kit: AwsKit) -> None:
    put(kit, 1)
    reader = kit.another_container()
    read(reader)
    from tests.support.families import DynamoHome

    DynamoHome(kit, lambda: "").suspend(ACME)
    kit.clock.step(6)
    assert reader.call("GET", RESOLVED, token=kit.token(ACME, "viewer")).status == 401
