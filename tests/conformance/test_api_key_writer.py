"""ports/api_key_writer.py, promise by promise."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from llm_config_domain.errors import IdempotencyMismatch, NotFound, Unauthenticated
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import create_api_key, promise, revoke_api_key

DIGEST = "ab" * 32


def test_each_change_has_its_entry_and_the_next_revision_of_the_control_line(
    home: HomeUnderTest, acme: TenantId
) -> None:
    key = create_api_key(home, acme, name="billing").version
    revoke_api_key(home, acme, key.id)
    told = home.changes(acme, "tenants", "api_keys")
    assert [entry.event_type for entry in told] == ["tenant.created", "api_key.created", "api_key.revoked"]
    assert [entry.metadata["revision"] for entry in told] == [1, 2, 3]
    assert [entry.metadata["version"] for entry in told[1:]] == [1, 2]
    assert {entry.metadata["name"] for entry in told[1:]} == {"billing"}
    assert sorted(entry.at for entry in told) == [entry.at for entry in told]


def test_what_proves_a_key_is_in_no_record(home: HomeUnderTest, acme: TenantId) -> None:
    key = create_api_key(home, acme, digest=DIGEST).version
    revoke_api_key(home, acme, key.id)
    assert DIGEST not in json.dumps([entry.to_record() for entry in home.changes(acme, "api_keys")])
    assert DIGEST not in repr(home.provide("api_key_reader").held(key.id))


def test_a_key_is_made_at_the_time_of_its_transaction(home: HomeUnderTest, acme: TenantId) -> None:
    key = create_api_key(home, acme).version
    (told,) = home.changes(acme, "api_keys")
    assert key.created_at == told.at


def test_a_key_is_revoked_once_and_keeps_its_digest(home: HomeUnderTest, acme: TenantId) -> None:
    key = create_api_key(home, acme, digest=DIGEST).version
    assert revoke_api_key(home, acme, key.id).version.revoked_at is not None
    assert home.provide("api_key_reader").held(key.id).digest == DIGEST
    with pytest.raises(NotFound):
        revoke_api_key(home, acme, key.id)
    assert len(home.changes(acme, "api_keys")) == 2


def test_of_two_that_revoke_at_once_one_does(home: HomeUnderTest, acme: TenantId) -> None:
    key = create_api_key(home, acme).version

    def revoke(_: int) -> str:
        try:
            revoke_api_key(home, acme, key.id)
        except NotFound:
            return "absent"
        return "revoked"

    with ThreadPoolExecutor(2) as writers:
        assert sorted(writers.map(revoke, range(2))) == ["absent", "revoked"]
    assert len(home.changes(acme, "api_keys")) == 2


def test_keys_that_are_made_at_once_are_all_made(home: HomeUnderTest, acme: TenantId) -> None:
    with ThreadPoolExecutor(4) as writers:
        made = {done.version.id for done in writers.map(lambda _: create_api_key(home, acme), range(4))}
    assert {key.id for key in home.provide("api_key_reader").listing(acme, "", 10)} == made
    revisions = [entry.metadata["revision"] for entry in home.changes(acme, "api_keys")]
    assert sorted(revisions) == [2, 3, 4, 5]


def test_another_tenants_key_cannot_be_revoked(home: HomeUnderTest, acme: TenantId) -> None:
    key, globex = create_api_key(home, acme).version, home.tenant("globex")
    with pytest.raises(NotFound):
        revoke_api_key(home, globex, key.id)
    assert home.provide("api_key_reader").entry(acme, key.id) == key


def test_a_repeated_idempotency_key_answers_with_the_first_key_as_it_is_now(
    home: HomeUnderTest, acme: TenantId
) -> None:
    once = promise(acme, "k", operation="create_api_key")
    first = create_api_key(home, acme, idempotency=once)
    again = create_api_key(home, acme, idempotency=once)
    assert (again.version, first.replayed, again.replayed) == (first.version, False, True)
    revoking = promise(acme, "r", operation="delete_api_key")
    revoked = revoke_api_key(home, acme, first.version.id, revoking)
    assert revoke_api_key(home, acme, first.version.id, revoking).replayed
    assert create_api_key(home, acme, idempotency=once).version == revoked.version
    assert len(home.changes(acme, "api_keys")) == 2


def test_another_body_with_the_same_key_is_refused(home: HomeUnderTest, acme: TenantId) -> None:
    create_api_key(home, acme, idempotency=promise(acme, "k", b"one"))
    with pytest.raises(IdempotencyMismatch):
        create_api_key(home, acme, idempotency=promise(acme, "k", b"two"))
    assert len(home.changes(acme, "api_keys")) == 1


def test_a_tenant_that_is_not_active_makes_and_revokes_none(home: HomeUnderTest, acme: TenantId) -> None:
    key = create_api_key(home, acme).version
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        create_api_key(home, acme)
    with pytest.raises(Unauthenticated):
        revoke_api_key(home, acme, key.id)
    assert len(home.changes(acme, "api_keys")) == 1
