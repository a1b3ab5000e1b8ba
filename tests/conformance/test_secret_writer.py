"""ports/secret_writer.py, promise by promise."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from llm_config_domain.errors import (
    Conflict,
    IdempotencyMismatch,
    NotFound,
    PreconditionFailed,
    Unauthenticated,
    Unavailable,
    ValueRefused,
)
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.entries import SecretDraft, SecretType, Stage
from llm_config_domain.secrets.lifecycle import Activation, Deletion, Destruction, Move, Restoration, Revocation
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import ChangeType, Preconditions
from tests.support.families import HomeUnderTest
from tests.support.samples import ANYHOW, entry_about, move_secret, name_of, promise, put_config, put_secret


def test_versions_count_from_one_and_each_becomes_the_current_one(home: HomeUnderTest, acme: TenantId) -> None:
    done = [put_secret(home, name_of(acme)).version for _ in range(3)]
    assert [(new.version, new.change_type, new.stage) for new in done] == [
        (1, ChangeType.CREATE, Stage.CURRENT),
        (2, ChangeType.UPDATE, Stage.CURRENT),
        (3, ChangeType.UPDATE, Stage.CURRENT),
    ]
    assert len({new.id for new in done}) == 1
    assert len({new.version_id for new in done}) == 3


def test_what_was_written_is_what_is_read(home: HomeUnderTest, acme: TenantId) -> None:
    done = put_secret(home, name_of(acme))
    assert home.provide("secret_reader").entry(name_of(acme)).metadata == done.version


def test_an_end_and_what_follows_from_the_value_stay_with_their_version(home: HomeUnderTest, acme: TenantId) -> None:
    said: dict[str, Any] = {
        "expires_at": "2099-01-01T00:00:00.000Z",
        "computed": {"public_jwk": {"kty": "OKP"}, "bits": 256},
    }
    done = put_secret(home, name_of(acme), idempotency=promise(acme, "k"), **said).version
    put_secret(home, name_of(acme))
    reader = home.provide("secret_reader")
    again = put_secret(home, name_of(acme), idempotency=promise(acme, "k"), **said).version
    history = reader.history(name_of(acme), None, 10)
    for found in (done, again, reader.entry(name_of(acme), 1).metadata, history[1]):
        assert {"expires_at": found.expires_at, "computed": found.computed} == said
    assert (history[0].expires_at, history[0].computed) == (None, {})


def test_versions_are_gap_free_under_four_writers_and_each_opens_under_its_own(
    home: HomeUnderTest, acme: TenantId
) -> None:
    with ThreadPoolExecutor(4) as writers:
        values = [b"%d" % number for number in range(8)]
        done = list(writers.map(lambda value: put_secret(home, name_of(acme), value).version, values))
    assert sorted(new.version for new in done) == list(range(1, 9))
    unsealer, reader = home.provide("unsealer"), home.provide("secret_reader")
    for value, new in zip(values, done, strict=True):
        found = reader.entry(name_of(acme), new.version)
        assert unsealer.unseal(name_of(acme), new.version, found.sealed).reveal == value
    assert len(home.changes(acme)) == 8


def test_two_writers_with_the_same_if_match_one_wins_the_other_is_told(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    start = Barrier(2)

    def write(value: bytes) -> str:
        start.wait()
        try:
            return str(put_secret(home, name_of(acme), value, preconditions=Preconditions('"1"')).version.version)
        except PreconditionFailed as refusal:
            return refusal.kind

    with ThreadPoolExecutor(2) as writers:
        assert sorted(writers.map(write, (b"1", b"2"))) == ["2", "precondition_failed"]


def test_seal_is_called_with_the_version_that_is_written_once_the_preconditions_hold(
    home: HomeUnderTest, acme: TenantId
) -> None:
    asked: list[int] = []

    def put(preconditions: Preconditions) -> None:
        ids = home.provide("identifiers")
        draft = SecretDraft(type=SecretType.GENERIC, author="user:ana", new_id=ids.ulid(), version_id=ids.ulid())
        entry = entry_about(home, "secrets", name_of(acme))

        def seal(version: int) -> Sealed:
            asked.append(version)
            return Sealed(b"sealed")

        home.provide("secret_writer").put(name_of(acme), draft, seal, preconditions, entry=entry, idempotency=None)

    put(ANYHOW)
    put(ANYHOW)
    with pytest.raises(PreconditionFailed):
        put(Preconditions(if_none_match="*"))
    assert asked == [1, 2]


def test_a_value_that_cannot_be_sealed_leaves_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    ids = home.provide("identifiers")
    draft = SecretDraft(type=SecretType.GENERIC, author="user:ana", new_id=ids.ulid(), version_id=ids.ulid())
    entry = entry_about(home, "secrets", name_of(acme))

    def seal(version: int) -> Sealed:
        raise Unavailable("no key")

    with pytest.raises(Unavailable):
        home.provide("secret_writer").put(name_of(acme), draft, seal, ANYHOW, entry=entry, idempotency=None)
    assert home.changes(acme) == []
    assert put_secret(home, name_of(acme)).version.version == 1


def test_a_refused_write_leaves_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    before = put_secret(home, name_of(acme)).version
    with pytest.raises(PreconditionFailed):
        put_secret(home, name_of(acme), preconditions=Preconditions(if_match='"7"'), idempotency=promise(acme, "k"))
    assert home.provide("secret_reader").entry(name_of(acme)).metadata == before
    assert len(home.changes(acme)) == 1
    assert put_secret(home, name_of(acme), idempotency=promise(acme, "k")).version.revision == 2


def test_a_repeated_idempotency_key_answers_as_the_first_time(home: HomeUnderTest, acme: TenantId) -> None:
    first = put_secret(home, name_of(acme), b"1", idempotency=promise(acme, "k"))
    put_secret(home, name_of(acme), b"2")
    again = put_secret(home, name_of(acme), b"1", idempotency=promise(acme, "k"))
    assert (again.version, again.replayed) == (first.version, True)
    assert again.version.stage is Stage.CURRENT
    assert len(home.changes(acme)) == 2


def test_another_body_with_the_same_key_is_refused(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme), idempotency=promise(acme, "k", b"one"))
    with pytest.raises(IdempotencyMismatch):
        put_secret(home, name_of(acme), idempotency=promise(acme, "k", b"two"))


def test_secrets_and_configs_of_one_namespace_have_lines_of_their_own(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme))
    put_config(home, name_of(acme))
    assert put_secret(home, name_of(acme)).version.revision == 1
    told = home.changes(acme)
    assert sorted((entry.event_type, entry.metadata["revision"]) for entry in told) == [
        ("config.created", 1),
        ("config.updated", 2),
        ("secret.created", 1),
    ]


def test_the_journal_entry_says_the_version_and_nothing_of_the_value(home: HomeUnderTest, acme: TenantId) -> None:
    done = [put_secret(home, name_of(acme), b'"canary"').version for _ in range(2)]
    told = home.changes(acme)
    assert [entry.event_type for entry in told] == ["secret.created", "secret.rotated"]
    assert told[1].metadata["version_id"] == done[1].version_id
    assert "canary" not in str(told)
    assert not any("sha256" in name for entry in told for name in entry.metadata)


def test_time_never_goes_back_in_a_namespace(home: HomeUnderTest, acme: TenantId) -> None:
    stamps = [put_secret(home, name_of(acme)).version.updated_at]
    home.clock.step(-3600)
    stamps.append(put_secret(home, name_of(acme, "gateway/other")).version.updated_at)
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize("size", [32 * 1024, 1024 * 1024])
def test_a_large_value_comes_back_exactly(home: HomeUnderTest, acme: TenantId, size: int) -> None:
    value = b"\x00" * size
    put_secret(home, name_of(acme), value)
    found = home.provide("secret_reader").entry(name_of(acme))
    assert home.provide("unsealer").unseal(name_of(acme), 1, found.sealed).reveal == value


def test_a_tenant_that_is_not_active_writes_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        put_secret(home, name_of(acme))
    assert len(home.changes(acme)) == 1


def test_a_version_that_waits_is_not_in_use_until_it_is_activated(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("secret_reader")
    put_secret(home, name_of(acme), b'"one"')
    waits = put_secret(home, name_of(acme), b'"two"', activate=False).version
    assert (waits.version, waits.stage) == (2, Stage.PENDING)
    assert reader.entry(name_of(acme)).version == 1
    assert reader.entry(name_of(acme), 2).stage is Stage.PENDING
    (active,) = move_secret(home, name_of(acme), Activation(version=2)).version
    assert (active.version, active.stage) == (2, Stage.CURRENT)
    assert opened(home, name_of(acme)) == b'"two"'
    assert reader.entry(name_of(acme), 1).stage is Stage.PREVIOUS


def test_a_first_version_that_waits_is_not_readable_without_its_number(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme), activate=False)
    with pytest.raises(NotFound):
        home.provide("secret_reader").entry(name_of(acme))
    assert home.provide("secret_reader").entry(name_of(acme), 1).stage is Stage.PENDING


def test_an_earlier_version_can_be_in_use_again(home: HomeUnderTest, acme: TenantId) -> None:
    for value in (b'"one"', b'"two"', b'"three"'):
        put_secret(home, name_of(acme), value)
    move_secret(home, name_of(acme), Activation(version=1))
    assert opened(home, name_of(acme)) == b'"one"'
    assert put_secret(home, name_of(acme), b'"four"').version.version == 4, "a number is never used again"


def test_a_revoked_version_is_read_by_nobody_and_none_is_in_use_when_it_was(
    home: HomeUnderTest, acme: TenantId
) -> None:
    reader = home.provide("secret_reader")
    put_secret(home, name_of(acme))
    put_secret(home, name_of(acme))
    (revoked,) = move_secret(home, name_of(acme), Revocation(version=2)).version
    assert revoked.stage is Stage.REVOKED
    for version in (None, 2):
        with pytest.raises(NotFound):
            reader.entry(name_of(acme), version)
    assert reader.entry(name_of(acme), 1).stage is Stage.PREVIOUS
    with pytest.raises(ValueRefused):
        move_secret(home, name_of(acme), Activation(version=2))


def test_a_destroyed_version_leaves_its_metadata_and_none_of_its_bytes(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    sealed = home.provide("secret_reader").entry(name_of(acme)).sealed.blob
    put_secret(home, name_of(acme))
    (gone,) = move_secret(home, name_of(acme), Destruction(versions=(1,))).version
    assert gone.stage is Stage.DESTROYED
    with pytest.raises(NotFound):
        home.provide("secret_reader").entry(name_of(acme), 1)
    assert [told.stage for told in home.provide("secret_reader").history(name_of(acme), None, 9)] == [
        Stage.CURRENT,
        Stage.DESTROYED,
    ]
    assert not home.holds(sealed)


def test_the_version_in_use_is_not_destroyed(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    with pytest.raises(ValueRefused):
        move_secret(home, name_of(acme), Destruction(versions=(1,)))
    assert home.provide("secret_reader").entry(name_of(acme)).version == 1


def test_a_deleted_secret_is_absent_until_it_is_restored(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("secret_reader")
    put_secret(home, name_of(acme), b'"one"')
    move_secret(home, name_of(acme), Deletion())
    for version in (None, 1):
        with pytest.raises(NotFound):
            reader.entry(name_of(acme), version)
    assert [(told.version, deleted) for told, deleted in reader.listing(acme, "*", None, 9)] == [(1, True)]
    assert [told.version for told in reader.history(name_of(acme), None, 9)] == [1]
    move_secret(home, name_of(acme), Restoration())
    assert opened(home, name_of(acme)) == b'"one"'
    with pytest.raises(Conflict):
        move_secret(home, name_of(acme), Restoration())


def test_a_new_version_of_a_deleted_secret_begins_again_with_the_next_number(
    home: HomeUnderTest, acme: TenantId
) -> None:
    put_secret(home, name_of(acme))
    move_secret(home, name_of(acme), Deletion())
    again = put_secret(home, name_of(acme), b'"new"').version
    assert (again.version, again.change_type) == (2, ChangeType.CREATE)
    assert opened(home, name_of(acme)) == b'"new"'


def test_a_move_is_on_record_once_and_one_that_does_nothing_is_not(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    move_secret(home, name_of(acme), Activation(version=1))
    assert len(home.changes(acme)) == 1
    move_secret(home, name_of(acme), Revocation(version=1, reason="leaked"))
    move_secret(home, name_of(acme), Revocation(version=1))
    told = home.changes(acme)[-1]
    assert len(home.changes(acme)) == 2
    assert (told.event_type, told.metadata["version"], told.metadata["previous_version"]) == ("secret.revoked", 1, 1)
    assert (told.metadata["revision"], told.metadata["reason"]) == (2, "leaked")


def test_a_move_with_the_same_key_is_made_once(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    put_secret(home, name_of(acme), activate=False)
    for replayed in (False, True):
        key = promise(acme, "k", operation="activate_secret")
        assert move_secret(home, name_of(acme), Activation(version=2), idempotency=key).replayed is replayed
    assert len(home.changes(acme)) == 3


@pytest.mark.parametrize(
    "move",
    [
        pytest.param(Activation(version=9), id="an activation of a version that never was"),
        pytest.param(Revocation(version=10**9), id="a revocation"),
        pytest.param(Destruction(versions=(1, 9)), id="a destruction of one that is there and one that is not"),
        pytest.param(Activation(version=1, preconditions=Preconditions(if_match='"7"')), id="a lost If-Match"),
    ],
)
def test_a_refused_move_leaves_everything_as_it_was(home: HomeUnderTest, acme: TenantId, move: Move) -> None:
    put_secret(home, name_of(acme))
    put_secret(home, name_of(acme))
    with pytest.raises((NotFound, PreconditionFailed)):
        move_secret(home, name_of(acme), move)
    assert len(home.changes(acme)) == 2
    assert home.provide("secret_reader").entry(name_of(acme), 1).stage is Stage.PREVIOUS


def test_nothing_is_done_to_a_secret_that_never_was(home: HomeUnderTest, acme: TenantId) -> None:
    for move in (Activation(version=1), Deletion(), Restoration()):
        with pytest.raises(NotFound):
            move_secret(home, name_of(acme), move)


def opened(home: HomeUnderTest, name: Name) -> bytes:
    found = home.provide("secret_reader").entry(name)
    plaintext: bytes = home.provide("unsealer").unseal(name, found.version, found.sealed).reveal
    return plaintext
