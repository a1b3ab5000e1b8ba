"""ports/secret_expiries.py, promise by promise."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from llm_config_domain import times
from llm_config_domain.errors import Unauthenticated
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation.entries import Step
from llm_config_domain.secrets.expiry import EXPIRED, EXPIRES_SOON, Ending
from llm_config_domain.secrets.lifecycle import Activation, Deletion, Destruction, Revocation
from tests.support.families import HomeUnderTest
from tests.support.rotating_homes import begin, entry_about_secret, reach
from tests.support.samples import move_secret, name_of, put_secret


def expiring(home: HomeUnderTest, name: Name, days: float = 40) -> str:
    """A version that ends in so many days."""
    end = times.rfc3339(home.clock.now() + timedelta(days=days))
    put_secret(home, name, expires_at=end)
    return end


def due(home: HomeUnderTest, days: float = 0, limit: int = 10) -> Sequence[Ending]:
    """Asked in the first minute of an hour, which looks further back."""
    until = home.clock.now() + timedelta(days=days)
    found: Sequence[Ending] = home.provide("secret_expiries").due(
        times.rfc3339(until.replace(minute=0) + timedelta(hours=1)), limit
    )
    return found


def look(home: HomeUnderTest, ending: Ending) -> str | None:
    namespace, _, key = ending.path.rpartition("/")
    name = Name(ending.tenant, namespace, key, ending.environment)
    told: str | None = home.provide("secret_expiries").look(ending, entry=entry_about_secret(home, name))
    return told


def after(home: HomeUnderTest, days: float) -> list[str | None]:
    """What looks at all that is due so much later tell."""
    home.clock.step(days * 86400)
    home.clock.step((60 - home.clock.now().minute) * 60)
    return [look(home, ending) for ending in due(home, -1 / 24)]


def test_a_version_with_an_end_is_due_before_it_and_at_it(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    put_secret(home, name)
    assert due(home, 4000) == [], "one without an end is not"
    end = expiring(home, name)
    assert due(home, 9) == []
    (found,) = due(home, 10)
    assert (found.tenant, found.path, found.environment, found.version) == (acme, name.path, name.environment, 2)
    assert times.parse(found.at) + timedelta(days=30) == times.parse(end)


def test_each_notice_is_told_once_with_its_record(home: HomeUnderTest, acme: TenantId) -> None:
    end = expiring(home, name_of(acme))
    (first,) = due(home, 10)
    assert look(home, first) is None, "it comes too early"
    assert [after(home, days) for days in (10, 0, 23, 6, 1, 100)] == [
        [EXPIRES_SOON], [], [EXPIRES_SOON], [EXPIRES_SOON], [EXPIRED], [],
    ]  # fmt: skip
    assert look(home, first) is None, "nor late, nor twice"
    _, *told = home.changes(acme)
    assert [entry.event_type for entry in told] == [EXPIRES_SOON] * 3 + [EXPIRED]
    assert [entry.metadata["revision"] for entry in told] == [2, 3, 4, 5]
    assert {(entry.metadata["version"], entry.metadata["expires_at"]) for entry in told} == {(1, end)}
    assert home.provide("secret_reader").entry(name_of(acme)).expires_at == end, "it may still be read"


def test_what_an_outage_missed_is_told_once(home: HomeUnderTest, acme: TenantId) -> None:
    expiring(home, name_of(acme))
    assert [after(home, days) for days in (35, 0, 4, 1, 1)] == [[EXPIRES_SOON], [], [EXPIRES_SOON], [EXPIRED], []]
    expiring(home, name_of(acme, "gateway/other"))
    assert after(home, 45) == [EXPIRED]


def test_only_the_version_in_use_is_told_of(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    expiring(home, name)
    put_secret(home, name)
    assert after(home, 12) == [None]
    move_secret(home, name, Activation(version=1))
    assert after(home, 2) == [EXPIRES_SOON]
    move_secret(home, name, Deletion())
    assert after(home, 20) == [None]
    assert EXPIRED not in {entry.event_type for entry in home.changes(acme)}


def test_what_is_revoked_or_destroyed_is_looked_at_once_more_and_never_again(
    home: HomeUnderTest, acme: TenantId
) -> None:
    names = [name_of(acme, f"gateway/key-{number}") for number in range(2)]
    for name in names:
        expiring(home, name)
        put_secret(home, name)
    move_secret(home, names[0], Revocation(version=1))
    move_secret(home, names[1], Destruction(versions=(1,)))
    assert after(home, 11) == [None, None]
    assert due(home, 4000) == []


def test_a_version_that_a_rotation_made_is_told_of_too(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    end = times.rfc3339(home.clock.now() + timedelta(days=5))
    reach(home, begin(home, name_of(acme), notice_seconds=0, grace_seconds=0), Step.DONE, expires_at=end)
    assert [after(home, days) for days in (4.1, 1)] == [[EXPIRES_SOON], [EXPIRED]]


def test_the_oldest_come_first_and_no_more_than_asked_for(home: HomeUnderTest, acme: TenantId) -> None:
    for number, days in enumerate([3, 1.5, 2]):
        expiring(home, name_of(acme, f"gateway/key-{number}"), days)
    assert [one.path for one in due(home, 3)] == ["gateway/key-1", "gateway/key-2", "gateway/key-0"]
    assert [one.path for one in due(home, 3, 2)] == ["gateway/key-1", "gateway/key-2"]


def test_a_tenant_that_is_not_active_is_told_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    expiring(home, name_of(acme))
    (found,) = due(home, 10)
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        look(home, found)


def test_of_what_is_not_there_nothing_is_told(home: HomeUnderTest, acme: TenantId) -> None:
    expiring(home, name_of(acme))
    (found,) = due(home, 10)
    home.clock.step(11 * 86400)
    for path, version in (("gateway/absent", 1), (found.path, 2)):
        absent = Ending(**{**found.to_record(), "path": path, "version": version})
        assert look(home, absent) is None
