"""ports/secret_reader.py, promise by promise."""

import pytest

from llm_config_domain.errors import NotFound, Unauthenticated
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation.entries import Step
from llm_config_domain.rotation.settings import SettingsDraft
from llm_config_domain.secrets.entries import Stage
from llm_config_domain.secrets.lifecycle import Activation, Deletion, Revocation
from tests.support.families import HomeUnderTest
from tests.support.rotating_homes import begin, reach, settings
from tests.support.samples import move_secret, name_of, promise, put_config, put_secret


def test_an_entry_is_that_version_or_the_current_one_still_sealed(home: HomeUnderTest, acme: TenantId) -> None:
    first, second = (put_secret(home, name_of(acme), value).version for value in (b"one", b"two"))
    reader = home.provide("secret_reader")
    assert reader.entry(name_of(acme)).metadata == reader.entry(name_of(acme), 2).metadata == second
    assert reader.entry(name_of(acme), 1).version_id == first.version_id
    assert b"one" not in reader.entry(name_of(acme), 1).sealed.blob


def test_the_stage_is_as_of_the_read(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("secret_reader")
    put_secret(home, name_of(acme))
    assert reader.entry(name_of(acme), 1).stage is Stage.CURRENT
    put_secret(home, name_of(acme))
    assert [reader.entry(name_of(acme), number).stage for number in (1, 2)] == [Stage.PREVIOUS, Stage.CURRENT]


def stages(home: HomeUnderTest, name: Name, limit: int = 10) -> list[tuple[int, str]]:
    return [(one.version, one.stage.value) for one in home.provide("secret_reader").live(name, limit)]


def test_what_is_live_is_the_version_in_use_and_those_before_it(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    written = [put_secret(home, name, value).version for value in (b"one", b"two", b"three")]
    put_secret(home, name, b"four", activate=False)
    assert stages(home, name) == [(3, "current"), (2, "previous"), (1, "previous")]
    assert stages(home, name, 2) == [(3, "current"), (2, "previous")]
    found = home.provide("secret_reader").live(name, 10)
    assert [one.version_id for one in found] == [one.version_id for one in reversed(written)]
    assert len({one.sealed.blob for one in found}) == 3
    move_secret(home, name, Activation(version=1))
    assert stages(home, name) == [(1, "current"), (3, "previous"), (2, "previous")]
    move_secret(home, name, Revocation(version=2))
    assert stages(home, name) == [(1, "current"), (3, "previous")]
    move_secret(home, name, Revocation(version=1))
    assert stages(home, name) == [(3, "previous")]


def test_the_version_in_use_is_live_however_many_wait_after_it(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    put_secret(home, name)
    for _ in range(52):
        put_secret(home, name, activate=False)
    assert stages(home, name) == [(1, "current")]


def test_nothing_is_live_of_what_is_absent_deleted_or_all_revoked(home: HomeUnderTest, acme: TenantId) -> None:
    with pytest.raises(NotFound):
        stages(home, name_of(acme))
    put_secret(home, name_of(acme))
    move_secret(home, name_of(acme), Deletion())
    with pytest.raises(NotFound):
        stages(home, name_of(acme))
    put_secret(home, name_of(acme, "gateway/other"))
    move_secret(home, name_of(acme, "gateway/other"), Revocation(version=1))
    with pytest.raises(NotFound):
        stages(home, name_of(acme, "gateway/other"))
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        stages(home, name_of(acme))


def test_every_answer_says_when_the_secret_rotates_next(home: HomeUnderTest, acme: TenantId) -> None:
    name, reader = name_of(acme), home.provide("secret_reader")
    put_secret(home, name)
    assert shown_next(home, name) == {None}
    for schedule in ("2h", "1h"):
        said = settings(home, name, schedule=schedule).next_at
        assert said is not None and shown_next(home, name) == {said}
    put_secret(home, name)
    move_secret(home, name, Activation(version=1))
    put_secret(home, name, activate=False)
    assert shown_next(home, name) == {said}, "moves and new versions leave it as it is"
    assert [one.next_rotation_at for one in reader.live(name, 10)] == [said, said]
    settings(home, name, enabled=False)
    assert shown_next(home, name) == {None}
    settings(home, name, enabled=True)
    settings(home, name, drops_schedule=True)
    assert shown_next(home, name) == {None}


def shown_next(home: HomeUnderTest, name: Name) -> set[str | None]:
    """By each way to see the secret's version in use."""
    reader = home.provide("secret_reader")
    listed = [entry for glob in ("gateway", "*") for entry, _ in reader.listing(name.tenant, glob, None, 10)]
    in_use = reader.entry(name)
    found = [in_use, reader.entry(name, in_use.version), *reader.history(name, None, 10), *listed]
    assert len(listed) == 2
    return {one.next_rotation_at for one in found}


def test_it_moves_on_when_the_schedule_fires_and_when_a_rotation_ends(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    put_secret(home, name)
    first = settings(home, name, schedule="1h").next_at
    assert first is not None
    home.clock.step(3601)
    rotation = begin(home, name, due=first, notice_seconds=0, grace_seconds=0, quiet_seconds=0)
    (second,) = shown_next(home, name)
    assert second is not None and second > first
    home.clock.step(60)
    ended = reach(home, rotation, Step.DONE)
    (third,) = shown_next(home, name)
    assert third is not None and third > second and third == ended.next_rotation_at


def test_a_write_says_when_the_secret_rotates_and_says_it_again(home: HomeUnderTest, acme: TenantId) -> None:
    name, key = name_of(acme), promise(acme, "k")
    first = put_secret(home, name, idempotency=key, rotation=SettingsDraft(schedule="1h")).version
    assert first.next_rotation_at is not None and shown_next(home, name) == {first.next_rotation_at}
    settings(home, name, schedule="90d")
    assert put_secret(home, name, idempotency=key, rotation=SettingsDraft(schedule="1h")).version == first


@pytest.mark.parametrize("version", [None, 1])
def test_absent_is_not_found(home: HomeUnderTest, acme: TenantId, version: int | None) -> None:
    put_config(home, name_of(acme))  # a config of the same name is no secret
    with pytest.raises(NotFound):
        home.provide("secret_reader").entry(name_of(acme), version)


@pytest.mark.parametrize("version", [2, 10**10, 10**18])
def test_a_version_that_never_was_is_not_found(home: HomeUnderTest, acme: TenantId, version: int) -> None:
    put_secret(home, name_of(acme))
    with pytest.raises(NotFound):
        home.provide("secret_reader").entry(name_of(acme), version)


def test_secrets_never_inherit_across_environments(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme, environment="global"))
    with pytest.raises(NotFound):
        home.provide("secret_reader").entry(name_of(acme, environment="production"))


def test_another_tenants_secret_is_not_found(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    with pytest.raises(NotFound):
        home.provide("secret_reader").entry(name_of(home.tenant("globex")))


def test_a_tenant_that_is_not_active_reads_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    home.suspend(acme)
    for version in (None, 1):
        with pytest.raises(Unauthenticated):
            home.provide("secret_reader").entry(name_of(acme), version)
