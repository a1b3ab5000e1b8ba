"""ports/rotation_agenda.py, promise by promise."""

from datetime import timedelta

from llm_config_domain import times
from llm_config_domain.names import TenantId
from llm_config_domain.rotation.agenda import Due
from llm_config_domain.rotation.entries import PATIENCE_SECONDS, Step
from llm_config_domain.rotation.interventions import Aborted
from tests.support.families import HomeUnderTest
from tests.support.rotating_homes import begin, move, reach, settings
from tests.support.samples import name_of, put_secret


def due(home: HomeUnderTest, seconds: float = 0, limit: int = 10) -> list[Due]:
    until = home.clock.now() + timedelta(seconds=seconds)
    return list(home.provide("rotation_agenda").due(times.rfc3339(until), limit))


def test_a_rotation_is_due_once_it_counts_as_dead_and_until_it_ends(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    rotation = begin(home, name_of(acme))
    assert due(home) == []
    (found,) = due(home, PATIENCE_SECONDS + 1)
    assert (found.tenant, found.rotation_id, found.attempt) == (acme, rotation.id, 1)
    assert found.not_before == rotation.not_before
    waiting = reach(home, rotation, Step.ACKNOWLEDGE)
    assert due(home, PATIENCE_SECONDS + 1) == []
    assert [one.not_before for one in due(home, PATIENCE_SECONDS + 301)] == [waiting.not_before]
    reach(home, move(home, waiting, Aborted()).rotation, Step.DONE)
    assert due(home, 3600) == []


def test_a_schedule_is_due_at_its_time(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    put_secret(home, name)
    told = settings(home, name, schedule="2h")
    assert due(home, 3600) == []
    (found,) = due(home, 7201)
    assert (found.rotation_id, found.path, found.environment, found.at) == (
        None, name.path, name.environment, told.next_at,
    )  # fmt: skip
    settings(home, name, enabled=False)
    assert due(home, 7201) == []


def test_the_oldest_come_first_and_no_more_than_asked_for(home: HomeUnderTest, acme: TenantId) -> None:
    for number, schedule in enumerate(["3h", "1h", "2h"]):
        put_secret(home, name_of(acme, f"gateway/key-{number}"))
        settings(home, name_of(acme, f"gateway/key-{number}"), schedule=schedule)
    home.clock.step(3 * 3600 + 60)
    hour = 3600 - home.clock.now().minute * 60 - home.clock.now().second + 1
    found = due(home, hour)  # the first minute of an hour looks further back
    assert [one.path for one in found] == ["gateway/key-1", "gateway/key-2", "gateway/key-0"]
    assert [one.path for one in due(home, hour, 2)] == ["gateway/key-1", "gateway/key-2"]


def test_what_is_due_is_of_every_tenant(home: HomeUnderTest, acme: TenantId) -> None:
    tenants = {acme, home.tenant("globex")}
    for tenant in tenants:
        put_secret(home, name_of(tenant))
        begin(home, name_of(tenant))
    assert {one.tenant for one in due(home, PATIENCE_SECONDS + 1)} == tenants
