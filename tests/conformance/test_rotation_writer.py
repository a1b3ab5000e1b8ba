"""ports/rotation_writer.py, promise by promise."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from llm_config_domain.errors import (
    Conflict,
    IdempotencyMismatch,
    Malformed,
    NotFound,
    Refusal,
    Unauthenticated,
    ValueRefused,
)
from llm_config_domain.names import Name, TenantId
from llm_config_domain.rotation.entries import Rotation, Status, Step
from llm_config_domain.rotation.evidence import Evidence
from llm_config_domain.rotation.interventions import Aborted, Acknowledged, Restarted
from llm_config_domain.rotation.plan import Cause, Wishes
from llm_config_domain.rotation.settings import SettingsDraft
from llm_config_domain.rotation.steps import Created
from llm_config_domain.rotation.transitions import Advanced, Transition
from llm_config_domain.secrets.entries import SecretDraft, SecretType, Stage
from llm_config_domain.secrets.lifecycle import Deletion, Revocation
from llm_config_domain.secrets.values import Plaintext
from tests.support.families import HomeUnderTest
from tests.support.rotating_homes import begin, entry_about_secret, move, reach, settings, step_of
from tests.support.samples import move_secret, name_of, promise, put_secret


def stages(home: HomeUnderTest, name: Name) -> dict[int, Stage]:
    return {one.version: one.stage for one in home.provide("secret_reader").history(name, None, 10)}


def test_a_rotation_moves_its_secret_in_one_change_each(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    put_secret(home, name, b'"old"')
    rotation = reach(home, begin(home, name, notice_seconds=0, grace_seconds=0), Step.DONE)
    assert (rotation.status, rotation.new_version) == (Status.COMPLETED, 2)
    assert stages(home, name) == {2: Stage.CURRENT, 1: Stage.REVOKED}
    told = home.changes(acme)
    assert [entry.metadata["revision"] for entry in told] == list(range(1, len(told) + 1))
    assert [entry.event_type for entry in told][1:] == [
        "rotation.started", "rotation.advanced", "rotation.advanced", "secret.rotation_pending", "rotation.advanced",
        "secret.rotated", "secret.revoked", "rotation.completed",
    ]  # fmt: skip
    assert {entry.resource.id for entry in told} == {name.path}
    assert home.provide("rotation_reader").entry(acme, rotation.id) == rotation


def test_a_step_that_comes_twice_changes_nothing_the_second_time(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    rotation = begin(home, name_of(acme))
    for _ in range(3):
        step = step_of(home, rotation, Evidence())
        first, second = move(home, rotation, step), move(home, rotation, step)
        assert (first.changed, second.changed, second.rotation) == (True, False, first.rotation)
        rotation = first.rotation
    assert len(home.changes(acme)) == 5


def test_of_eight_at_once_one_step_is_taken(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    rotation = begin(home, name_of(acme))
    step = step_of(home, rotation, Evidence())
    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(lambda _: move(home, rotation, step), range(8)))
    assert sum(one.changed for one in done) == 1
    assert stages(home, name_of(acme)) == {2: Stage.PENDING, 1: Stage.CURRENT}


def test_one_rotation_of_a_secret_runs_at_a_time(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))

    def attempt(_: int) -> str:
        try:
            return begin(home, name_of(acme)).id
        except Conflict:
            return ""

    with ThreadPoolExecutor(4) as pool:
        begun = [one for one in pool.map(attempt, range(4)) if one]
    assert len(begun) == 1
    reader = home.provide("rotation_reader")
    reach(home, move(home, reader.entry(acme, begun[0]), Aborted()).rotation, Step.DONE)
    assert begin(home, name_of(acme)).id != begun[0]


def test_a_write_between_two_steps_is_seen_and_stays_in_use(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    put_secret(home, name, b'"old"')
    rotation = reach(home, begin(home, name, notice_seconds=0), Step.PROMOTE)
    put_secret(home, name, b'"by hand"')
    rotation = reach(home, rotation, Step.DONE)
    assert (rotation.status, stages(home, name)) == (
        Status.FAILED, {3: Stage.CURRENT, 2: Stage.REVOKED, 1: Stage.PREVIOUS},
    )  # fmt: skip


def test_the_new_version_is_sealed_for_the_number_that_it_gets(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    put_secret(home, name, b'"old"')
    rotation = begin(home, name)
    put_secret(home, name, b'"waits"', activate=False)
    sealer, sealed = home.provide("sealer"), []

    def seal(version: int) -> Any:
        sealed.append(version)
        return sealer.seal(name, version, Plaintext(b'"sk-rotated-1"'))

    ids = home.provide("identifiers")
    draft = SecretDraft(type=SecretType.GENERIC, author="x", new_id=ids.ulid(), version_id=ids.ulid(), activate=False)
    done = home.provide("rotation_writer").advance(
        rotation, Created(attempt=1, draft=draft), entry=entry_about_secret(home, name), idempotency=None, seal=seal
    )
    assert (done.rotation.new_version, sealed) == (3, [3])
    found = home.provide("rotation_reader").sealed(name, 3)
    assert home.provide("unsealer").unseal(name, 3, found.sealed).reveal == b'"sk-rotated-1"'
    assert not home.holds(b'"sk-rotated-1"')


def test_what_cannot_begin_begins_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)

    def refused(kind: type[Refusal], **told: Any) -> None:
        before = home.changes(acme)
        with pytest.raises(kind):
            begin(home, name, **told)
        assert home.changes(acme) == before

    refused(NotFound)
    put_secret(home, name)
    refused(Conflict, due="2026-01-01T00:00:00.000Z")
    move_secret(home, name, Revocation(version=1))
    refused(NotFound)
    move_secret(home, name, Deletion())
    refused(NotFound)


def test_the_same_key_has_one_effect_and_one_answer(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    key = promise(acme, "k", operation="start_rotation")
    first, again = (begin(home, name_of(acme), idempotency=key) for _ in range(2))
    assert again.id == first.id
    with pytest.raises(IdempotencyMismatch):
        begin(home, name_of(acme), idempotency=promise(acme, "k", b"other", operation="start_rotation"))
    key = promise(acme, "k", operation="abort_rotation")
    done = [move(home, first, Aborted(), idempotency=key) for _ in range(2)]
    assert [one.replayed for one in done] == [False, True]
    assert done[0].rotation == done[1].rotation


def test_two_restarts_of_one_run_are_one(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    rotation = begin(home, name_of(acme))
    done = [move(home, rotation, Restarted(attempt=1)) for _ in range(2)]
    assert [(one.changed, one.rotation.attempt) for one in done] == [(True, 2), (False, 2)]


def test_eight_acknowledgements_at_once_are_all_kept(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    rotation = begin(home, name_of(acme))
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: move(home, rotation, Acknowledged(service=f"s{n}")), range(8)))
    found: Rotation = home.provide("rotation_reader").entry(acme, rotation.id)
    assert set(found.acknowledgements) == {f"s{number}" for number in range(8)}


def test_a_rotation_that_is_not_there_moves_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    rotation = begin(home, name_of(acme))
    globex = home.tenant("globex")
    put_secret(home, name_of(globex))
    foreign = Rotation.from_record({**rotation.to_record(), "name": {**_parts(rotation), "tenant": globex}})
    with pytest.raises(NotFound):
        move(home, foreign, Aborted())


def _parts(rotation: Rotation) -> dict[str, str]:
    name = rotation.name
    return {"namespace": name.namespace, "key": name.key, "environment": name.environment}


def test_settings_are_kept_and_a_schedule_begins_once(home: HomeUnderTest, acme: TenantId) -> None:
    name = name_of(acme)
    with pytest.raises(NotFound):
        settings(home, name, schedule="90d")
    put_secret(home, name)
    first = settings(home, name, schedule="90d", target={"kind": "generic"}, wishes=Wishes(grace_seconds=5))
    assert settings(home, name, enabled=False).next_at is None
    again = settings(home, name, enabled=True)
    assert (again.schedule, again.wishes, again.version) == ("rate(90 days)", Wishes(grace_seconds=5), 3)
    for kind, text in ((Malformed, "soon"), (ValueRefused, "0 0 31 2 *")):
        with pytest.raises(kind):
            settings(home, name, schedule=text)
    assert home.provide("rotation_reader").settings(name) == again
    rotation = begin(home, name, cause=Cause.SCHEDULED, due=again.next_at)
    assert rotation.plan.grace_seconds == 5
    with pytest.raises(Conflict):
        begin(home, name, cause=Cause.SCHEDULED, due=again.next_at)
    assert home.provide("rotation_reader").settings(name).version == 4
    assert (
        first.next_at is not None
        and [entry.event_type for entry in home.changes(acme)].count("rotation.scheduled") == 3
    )


def test_a_secret_may_bring_how_it_rotates_and_what_it_leaves_out_stays(home: HomeUnderTest, acme: TenantId) -> None:
    name, reader = name_of(acme), home.provide("rotation_reader")
    put_secret(home, name, rotation=SettingsDraft(schedule="90d", target={"kind": "webhook"}))
    put_secret(home, name)
    put_secret(home, name, rotation=SettingsDraft(wishes=Wishes(grace_seconds=5)))
    told = reader.settings(name)
    assert (told.schedule, told.target, told.wishes.grace_seconds, told.version) == (
        "rate(90 days)", {"kind": "webhook"}, 5, 2,
    )  # fmt: skip
    before = home.changes(acme)
    with pytest.raises(ValueRefused):
        put_secret(home, name, rotation=SettingsDraft(schedule="30s"))
    assert home.changes(acme) == before


def test_a_tenant_that_is_not_active_rotates_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    rotation = begin(home, name_of(acme))
    home.suspend(acme)

    def refused(transition: Transition) -> Advanced:
        with pytest.raises(Unauthenticated):
            return move(home, rotation, transition)
        return Advanced(rotation)

    refused(Aborted())
    with pytest.raises(Unauthenticated):
        begin(home, name_of(acme))
    with pytest.raises(Unauthenticated):
        settings(home, name_of(acme), schedule="90d")
