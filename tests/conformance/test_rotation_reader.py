"""ports/rotation_reader.py, promise by promise."""

from collections.abc import Callable
from typing import Any

import pytest

from llm_config_domain.errors import NotFound, Unauthenticated
from llm_config_domain.names import TenantId
from llm_config_domain.rotation.entries import Step
from llm_config_domain.rotation.interventions import Aborted
from llm_config_domain.secrets.lifecycle import Activation, Destruction, Revocation
from tests.support.families import HomeUnderTest
from tests.support.rotating_homes import begin, move, reach, settings
from tests.support.samples import move_secret, name_of, put_secret


def test_a_rotation_is_read_by_its_id_and_another_tenants_is_as_absent(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    rotation, reader, globex = begin(home, name_of(acme)), home.provide("rotation_reader"), home.tenant("globex")
    assert reader.entry(acme, rotation.id) == rotation
    told = []
    for tenant, rotation_id in ((globex, rotation.id), (acme, "01ARZ3NDEKTSV4RRFFQ69G5FAV")):
        with pytest.raises(NotFound) as refused:
            reader.entry(tenant, rotation_id)
        told.append(refused.value.detail)
    assert len(set(told)) == 1
    assert reader.listing(globex, None, 10) == []


def test_rotations_are_listed_newest_first_page_by_page(home: HomeUnderTest, acme: TenantId) -> None:
    names = [name_of(acme, f"gateway/key-{number}") for number in range(5)]
    for name in names:
        put_secret(home, name)
    begun = [begin(home, name).id for name in names]
    reader, found, before = home.provide("rotation_reader"), [], None
    while page := reader.listing(acme, before, 2):
        assert len(page) <= 2
        found += [one.id for one in page]
        before = found[-1]
    assert found == sorted(begun, reverse=True)


def test_the_one_that_runs_is_found_by_its_secret_until_it_ends(home: HomeUnderTest, acme: TenantId) -> None:
    name, reader = name_of(acme), home.provide("rotation_reader")
    put_secret(home, name)
    assert reader.running(name) is None
    rotation = begin(home, name)
    assert reader.running(name) == rotation
    assert reader.running(name_of(acme, environment="staging")) is None
    reach(home, move(home, rotation, Aborted()).rotation, Step.DONE)
    assert reader.running(name) is None


def test_settings_that_nobody_made_are_not_there(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    with pytest.raises(NotFound):
        home.provide("rotation_reader").settings(name_of(acme))


@pytest.mark.parametrize("size", [10, 40_000], ids=["small", "larger than a row"])
def test_a_revoked_version_is_still_there_for_its_target_and_a_destroyed_one_is_not(
    home: HomeUnderTest, acme: TenantId, size: int
) -> None:
    name, reader = name_of(acme), home.provide("rotation_reader")
    put_secret(home, name, b"1" * size)
    put_secret(home, name, b"2")
    move_secret(home, name, Activation(version=2))
    move_secret(home, name, Revocation(version=1))
    found = reader.sealed(name, 1)
    assert home.provide("unsealer").unseal(name, 1, found.sealed).reveal == b"1" * size
    move_secret(home, name, Destruction(versions=(1,)))
    for version in (1, 3):
        with pytest.raises(NotFound):
            reader.sealed(name, version)
    with pytest.raises(NotFound):
        reader.sealed(name_of(acme, "no/secret"), 1)


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda reader, name, rotation: reader.entry(name.tenant, rotation.id), id="entry"),
        pytest.param(lambda reader, name, rotation: reader.listing(name.tenant, None, 1), id="listing"),
        pytest.param(lambda reader, name, rotation: reader.running(name), id="running"),
        pytest.param(lambda reader, name, rotation: reader.settings(name), id="settings"),
        pytest.param(lambda reader, name, rotation: reader.sealed(name, 1), id="sealed"),
    ],
)
def test_a_tenant_that_is_not_active_reads_nothing(
    home: HomeUnderTest, acme: TenantId, ask: Callable[..., Any]
) -> None:
    name = name_of(acme)
    put_secret(home, name)
    settings(home, name, schedule="90d")
    rotation = begin(home, name)
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        ask(home.provide("rotation_reader"), name, rotation)
