"""An empty deployment on AWS, from its first caller to a first resolved value: the way that docs/deploy.md tells."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_config.runtime.first_steps import first_token
from llm_config_domain.errors import NotFound
from llm_config_domain.names import PLATFORM
from tests.support.aws import AwsKit, SteppedAwsFamily, account
from tests.support.clocks import SteppedClock

CONFIG = "/api/v1/configs/app/database?environment=production"


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[AwsKit]:
    """Tables, a bucket and a token key: what a deployment leaves behind, and not one row."""
    with account() as new:
        yield AwsKit(SteppedAwsFamily(new, tmp_path, SteppedClock()))


def test_from_nothing_to_a_first_resolved_value(empty: AwsKit) -> None:
    platform = first_token(empty.provide, "user:ada")
    made = empty.call("POST", "/api/v1/tenants", {"name": "demo"}, token=platform)
    assert made.status == 201
    admin = first_token(empty.provide, "user:ada", "demo")
    key = empty.call("POST", "/api/v1/api-keys", {"name": "app", "roles": ["operator"]}, token=admin).json["key"]
    mine = {"x-api-key": key}
    assert empty.call("PUT", CONFIG, {"value": {"pool_size": 50}}, headers=mine).status == 201
    answer = empty.call("GET", CONFIG.replace("/configs/", "/resolved/"), headers=mine).json
    assert answer["value"] == {"pool_size": 50}


def test_the_first_caller_is_the_platforms_administrator(empty: AwsKit) -> None:
    platform = first_token(empty.provide, "user:ada")
    told = empty.call("GET", "/api/v1/whoami", token=platform).json
    assert (told["tenant_id"], told["subject"], told["roles"]) == (PLATFORM, "user:ada", ["global-admin"])


def test_the_first_caller_may_write_what_every_tenant_inherits(empty: AwsKit) -> None:
    platform = first_token(empty.provide, "user:ada")
    everywhere = CONFIG.replace("production", "global")
    assert empty.call("PUT", everywhere, {"value": {"ssl": True}}, token=platform).status == 201


def test_run_again_it_makes_no_second_platform(empty: AwsKit) -> None:
    first, second = (first_token(empty.provide, "user:ada") for _ in range(2))
    assert first != second
    assert len([row for row in empty.account.rows("control") if row["sk"]["S"] == "TENANT"]) == 1


def test_each_token_is_on_record_before_it_is_given(empty: AwsKit) -> None:
    first_token(empty.provide, "user:ada")
    entries = [json.loads(row["entry"]["S"]) for row in empty.account.rows("journal")]
    (given,) = [entry for entry in entries if entry["event_type"] == "service_token.given"]
    assert (given["actor"]["id"], given["tenant"], given["metadata"]["roles"]) == (
        "user:ada",
        PLATFORM,
        ["global-admin"],
    )


def test_it_ends_in_an_hour(empty: AwsKit) -> None:
    platform = first_token(empty.provide, "user:ada")
    empty.clock.step(3600 + 61)
    assert empty.call("GET", "/api/v1/whoami", token=platform).status == 401


def test_of_a_tenant_that_is_not_there_there_is_no_first_caller(empty: AwsKit) -> None:
    with pytest.raises(NotFound):
        first_token(empty.provide, "user:ada", "demo")
