"""A rotation gives a secret nothing that it has had before."""

from typing import Any

import pytest

from tests.rotation.running import SECRET, Running
from tests.rotation.test_named_secrets import POOL, PUT
from tests.rotation.test_runs import ZERO

DESTRUCTIONS = SECRET.replace("/secrets/", "/secret-destructions/")


@pytest.fixture
def pooled(run: Running) -> Running:
    """`first` and `second` have been in use; what is in use now was put by hand, so the pool begins again."""
    run.ask("PUT", POOL, {"type": "generic", "value": ["first", "second"]}, 201)
    run.ask("PUT", SECRET, PUT)
    run.use_real_targets()
    assert run.view(run.start(**ZERO))["status"] == "completed"
    run.ask("PUT", SECRET, {**PUT, "value": "by hand"})
    return run


def test_a_key_that_was_in_use_is_not_given_out_again_though_it_was_retired(pooled: Running) -> None:
    told = pooled.view(pooled.start(**ZERO))
    assert told["status"] == "failed"
    assert pooled.ask("GET", SECRET)["value"] == "by hand"
    steps = [(step["step"], step["outcome"]) for step in told["steps"]]
    assert steps == [("plan", "planned"), ("create", "failed: TargetRefused"), ("withdraw", "withdrawn")]


def test_with_the_used_keys_taken_out_the_rotation_runs(pooled: Running) -> None:
    pooled.ask("PUT", POOL, {"type": "generic", "value": ["third"]})
    assert pooled.view(pooled.start(**ZERO))["status"] == "completed"
    assert pooled.ask("GET", SECRET)["value"] == "third"


def test_what_is_written_in_another_way_is_the_same(run: Running) -> None:
    def put(value: Any, status: int = 200) -> None:
        run.ask("PUT", SECRET, {**PUT, "value": value}, status)

    put({"key": "first", "note": 1.0})
    put({"note": 1.0, "key": "by hand"})
    run.ask("PUT", POOL, {"type": "generic", "value": ["first"]}, 201)
    run.use_real_targets()
    assert run.view(run.start(**ZERO))["status"] == "failed"


def test_of_what_was_destroyed_nobody_knows_any_more_what_it_was(pooled: Running) -> None:
    pooled.ask("POST", DESTRUCTIONS, {"versions": [1, 2], "reason": "gone"})
    assert pooled.view(pooled.start(**ZERO))["status"] == "completed"
    assert pooled.ask("GET", SECRET)["value"] == "first"
