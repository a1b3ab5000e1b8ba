"""ports/secret_writer.py, promise by promise."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from llm_config_domain.errors import IdempotencyMismatch, PreconditionFailed, Unauthenticated, Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.entries import SecretDraft, SecretType, Stage
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import ChangeType, Preconditions
from tests.support.families import HomeUnderTest
from tests.support.samples import ANYHOW, entry_about, name_of, promise, put_config, put_secret


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
    assert home.provide("secret_reader").entry(name_of(acme)) == done.version


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
    assert home.provide("secret_reader").entry(name_of(acme)) == before
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
