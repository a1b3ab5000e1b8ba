"""ports/rotation_engine.py, promise by promise: of what is started, that it runs is asked where rotations run."""

from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.rotating_homes import begin
from tests.support.samples import name_of, put_secret


def test_a_run_is_started_once_for_each_attempt(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    rotation, engine = begin(home, name_of(acme)), home.provide("rotation_engine")
    with home.started() as started:
        engine.start(rotation)
        engine.start(rotation)
    assert set(started) == {f"{rotation.id}-1"}
