"""ports/secret_transfers.py, promise by promise."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from llm_config_domain.errors import (
    Conflict,
    IdempotencyMismatch,
    NotFound,
    PreconditionFailed,
    Refusal,
    Unauthenticated,
    ValueRefused,
)
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.names import Name, TenantId
from llm_config_domain.secrets.entries import SecretMetadata, SecretVersion, Stage
from llm_config_domain.secrets.lifecycle import Activation, Deletion, Restoration, Revocation
from llm_config_domain.secrets.transfers import Transfer
from llm_config_domain.secrets.values import Sealed
from llm_config_domain.versions import ChangeType, Committed, Preconditions
from tests.support.families import HomeUnderTest
from tests.support.samples import entry_about, move_secret, name_of, promise, put_secret

OTHER = "other/place"


def carry(
    home: HomeUnderTest,
    source: Name,
    target: Name,
    *,
    keep: bool = False,
    idempotency: Idempotency | None = None,
    **told: Any,
) -> Committed[SecretMetadata]:
    ids, sealer, unsealer = (home.provide(port) for port in ("identifiers", "sealer", "unsealer"))

    def reseal(found: SecretVersion, version: int) -> Sealed:
        sealed: Sealed = sealer.seal(target, version, unsealer.unseal(found.name, found.version, found.sealed))
        return sealed

    about = {"author": "user:ana", "new_id": ids.ulid(), "version_id": ids.ulid(), **told}
    done: Committed[SecretMetadata] = home.provide("secret_transfers").transfer(
        Transfer(source=source, target=target, keep=keep, **about),
        reseal,
        entry=entry_about(home, "secrets", target),
        leaving=entry_about(home, "secrets", source),
        idempotency=idempotency,
    )
    return done


def opened(home: HomeUnderTest, name: Name) -> bytes:
    found = home.provide("secret_reader").entry(name)
    value: bytes = home.provide("unsealer").unseal(name, found.version, found.sealed).reveal
    return value


def absent(home: HomeUnderTest, name: Name) -> bool:
    try:
        home.provide("secret_reader").entry(name)
    except NotFound:
        return True
    return False


@pytest.mark.parametrize("keep", [True, False], ids=["copied", "moved"])
def test_an_end_and_what_follows_from_the_value_go_along(home: HomeUnderTest, acme: TenantId, keep: bool) -> None:
    said: dict[str, Any] = {"expires_at": "2099-01-01T00:00:00.000Z", "computed": {"algorithm": "ed25519"}}
    put_secret(home, name_of(acme), **said)
    done = carry(home, name_of(acme), name_of(acme, OTHER), keep=keep).version
    found = home.provide("secret_reader").entry(name_of(acme, OTHER)).metadata
    assert found == done
    assert {"expires_at": found.expires_at, "computed": found.computed} == said


@pytest.mark.parametrize("place", [("gateway/second", "production"), (OTHER, "staging")], ids=["beside", "elsewhere"])
def test_a_moved_secret_is_at_its_new_name_and_no_more_at_the_old(
    home: HomeUnderTest, acme: TenantId, place: tuple[str, str]
) -> None:
    source, target = name_of(acme), name_of(acme, *place)
    put_secret(home, source, b"old")
    first = put_secret(home, source, b"sk-carried-1").version
    new = carry(home, source, target, reason="a better name").version
    assert (new.name, new.version, new.stage, new.change_type) == (target, 1, Stage.CURRENT, ChangeType.CREATE)
    assert (new.type, new.classification, new.reason) == (first.type, first.classification, "a better name")
    assert new.version_id != first.version_id and new.id != first.id
    assert (opened(home, target), absent(home, source)) == (b"sk-carried-1", True)
    assert not home.holds(b"sk-carried-1")


def test_a_move_keeps_the_history_and_a_restoration_brings_it_back(home: HomeUnderTest, acme: TenantId) -> None:
    source = name_of(acme)
    for value in (b"1", b"2"):
        put_secret(home, source, value)
    carry(home, source, name_of(acme, OTHER))
    assert [one.version for one in home.provide("secret_reader").history(source, None, 10)] == [2, 1]
    move_secret(home, source, Restoration())
    assert opened(home, source) == b"2"


def test_a_copy_is_the_targets_next_version_and_leaves_the_source(home: HomeUnderTest, acme: TenantId) -> None:
    source, target = name_of(acme, environment="staging"), name_of(acme)
    put_secret(home, source, b"tested")
    put_secret(home, target, b"in use")
    new = carry(home, source, target, keep=True).version
    assert (new.version, new.change_type, new.stage) == (2, ChangeType.UPDATE, Stage.CURRENT)
    assert (opened(home, source), opened(home, target)) == (b"tested", b"tested")
    assert home.provide("secret_reader").entry(target, 1).stage is Stage.PREVIOUS


def test_what_goes_is_the_version_in_use(home: HomeUnderTest, acme: TenantId) -> None:
    for value in (b"1", b"2", b"3"):
        put_secret(home, name_of(acme), value)
    move_secret(home, name_of(acme), Activation(version=2))
    carry(home, name_of(acme), name_of(acme, OTHER), keep=True)
    assert opened(home, name_of(acme, OTHER)) == b"2"


@pytest.mark.parametrize("place", ["gateway/second", OTHER])
def test_both_names_have_their_record_in_gap_free_lines(home: HomeUnderTest, acme: TenantId, place: str) -> None:
    source, target = name_of(acme), name_of(acme, place)
    put_secret(home, source)
    carry(home, source, target, reason="why")
    put_secret(home, source)
    told = [
        (entry.resource.id, entry.event_type, entry.metadata["revision"], entry.metadata.get("from"),
         entry.metadata.get("to"), entry.metadata["reason"])
        for entry in home.changes(acme)[1:]
    ]  # fmt: skip
    second = 2 if place.startswith("gateway") else 1
    assert sorted(told) == sorted([
        (target.path, "secret.created", second, source.path, None, "why"),
        (source.path, "secret.deleted", 2, None, target.path, "why"),
        (source.path, "secret.created", 3, None, None, None),
    ])  # fmt: skip


def test_a_copy_has_one_record(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    carry(home, name_of(acme), name_of(acme, OTHER), keep=True)
    (_, told) = home.changes(acme)
    assert (told.resource.id, told.metadata["from"], told.metadata["from_version"]) == (OTHER, "gateway/primary", 1)


def refused(home: HomeUnderTest, source: Name, target: Name, kind: type[Refusal], **told: Any) -> None:
    before = home.changes(source.tenant)
    with pytest.raises(kind):
        carry(home, source, target, **told)
    assert home.changes(source.tenant) == before


def test_what_cannot_go_stays(home: HomeUnderTest, acme: TenantId) -> None:
    source, target = name_of(acme), name_of(acme, OTHER)
    refused(home, source, target, NotFound)
    put_secret(home, source, b"mine")
    refused(home, source, source, ValueRefused)
    refused(home, source, target, PreconditionFailed, preconditions=Preconditions('"2"'))
    put_secret(home, target, b"other")
    refused(home, source, target, Conflict)
    assert (opened(home, source), opened(home, target)) == (b"mine", b"other")
    move_secret(home, source, Revocation(version=1))
    refused(home, source, target, NotFound, keep=True)
    move_secret(home, target, Deletion())
    refused(home, target, source, NotFound, keep=True)


def test_a_deleted_name_is_free_and_its_versions_go_on(home: HomeUnderTest, acme: TenantId) -> None:
    source, target = name_of(acme), name_of(acme, OTHER)
    put_secret(home, target, b"gone")
    move_secret(home, target, Deletion())
    put_secret(home, source, b"new")
    new = carry(home, source, target, preconditions=Preconditions('"1"')).version
    assert (new.version, new.change_type, opened(home, target)) == (2, ChangeType.CREATE, b"new")


@pytest.mark.parametrize("keep", [True, False])
def test_the_same_key_has_one_effect_and_one_answer(home: HomeUnderTest, acme: TenantId, keep: bool) -> None:
    source, target = name_of(acme), name_of(acme, OTHER)
    put_secret(home, source)
    key = promise(acme, "k", operation="transfer")
    first = carry(home, source, target, keep=keep, idempotency=key)
    again = carry(home, source, target, keep=keep, idempotency=key)
    assert (first.version, first.replayed, again.version, again.replayed) == (again.version, False, first.version, True)
    assert len(home.changes(acme)) == (2 if keep else 3)
    with pytest.raises(IdempotencyMismatch):
        carry(home, source, target, keep=keep, idempotency=promise(acme, "k", b"other", operation="transfer"))


def test_of_four_movers_one_wins(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme), b"one")

    def move(number: int) -> str:
        try:
            carry(home, name_of(acme), name_of(acme, f"other/place-{number}"))
        except NotFound:
            return "absent"
        return "moved"

    with ThreadPoolExecutor(4) as movers:
        assert sorted(movers.map(move, range(4))) == ["absent"] * 3 + ["moved"]


def test_a_tenant_that_is_not_active_moves_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_secret(home, name_of(acme))
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        carry(home, name_of(acme), name_of(acme, OTHER))
