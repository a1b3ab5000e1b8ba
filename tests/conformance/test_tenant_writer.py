"""ports/tenant_writer.py, promise by promise."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from llm_config_domain.errors import Conflict, IdempotencyMismatch, NotFound, Unavailable
from llm_config_domain.names import PLATFORM, Name, TenantId
from llm_config_domain.tenants import Tenant
from llm_config_domain.versions import Committed
from tests.support.families import HomeUnderTest
from tests.support.samples import create_tenant, entry_about, new_tenant, promise


def test_what_make_key_returns_becomes_the_tenants_key_id(home: HomeUnderTest) -> None:
    tenant = new_tenant(home, "acme")
    done = create_tenant(home, tenant)
    assert done.version == replace(tenant, key_id=home.provide("tenant_keys").create(tenant.id, tenant.tier))
    assert done.version.key_id
    assert home.provide("tenant_reader").by_id(tenant.id) == done.version


def test_a_taken_name_is_a_conflict_and_no_key_is_made(home: HomeUnderTest) -> None:
    create_tenant(home, new_tenant(home, "acme"))
    second, made = new_tenant(home, "acme"), list[str]()

    def make_key(tenant: TenantId) -> str:
        made.append("key")
        return "key"

    entry = entry_about(home, "tenants", Name(second.id, "", "", ""))
    with pytest.raises(Conflict):
        home.provide("tenant_writer").create(second, make_key, entry=entry, idempotency=None)
    assert made == []
    assert home.changes(second.id, "tenants") == []
    with pytest.raises(NotFound):
        home.provide("tenant_reader").by_id(second.id)


def test_without_a_key_there_is_no_tenant(home: HomeUnderTest) -> None:
    tenant = new_tenant(home, "acme")

    def no_key(tenant: TenantId) -> str:
        raise Unavailable("no key")

    entry = entry_about(home, "tenants", Name(tenant.id, "", "", ""))
    with pytest.raises(Unavailable):
        home.provide("tenant_writer").create(tenant, no_key, entry=entry, idempotency=None)
    with pytest.raises(NotFound):
        home.provide("tenant_reader").by_id(tenant.id)
    with pytest.raises(NotFound):
        home.provide("tenant_reader").by_name("acme")


def test_an_attempt_that_came_to_no_end_is_taken_up_with_its_id_and_its_key(home: HomeUnderTest) -> None:
    asked: list[TenantId] = []

    def attempt(tenant: Tenant, *, dies: bool) -> Committed[Tenant]:
        def make_key(made: TenantId) -> str:
            asked.append(made)
            key_id: str = home.provide("tenant_keys").create(made, tenant.tier)
            if dies:
                raise Unavailable("the process ends here")
            return key_id

        entry = entry_about(home, "tenants", Name(tenant.id, "", "", ""))
        done: Committed[Tenant] = home.provide("tenant_writer").create(tenant, make_key, entry=entry, idempotency=None)
        return done

    first, second = new_tenant(home, "acme"), new_tenant(home, "acme")
    with pytest.raises(Unavailable):
        attempt(first, dies=True)
    done = attempt(second, dies=False)
    assert (done.version.id, asked) == (first.id, [first.id, first.id])
    assert home.provide("tenant_reader").by_name("acme") == done.version
    (told,) = home.changes(first.id, "tenants")
    assert (told.tenant, told.resource.id) == (first.id, first.id)
    with pytest.raises(NotFound):
        home.provide("tenant_reader").by_id(second.id)


def test_an_attempt_at_one_name_is_nothing_to_another(home: HomeUnderTest) -> None:
    test_without_a_key_there_is_no_tenant(home)
    other = new_tenant(home, "globex")
    assert create_tenant(home, other).version.id == other.id


def test_of_two_that_take_one_name_at_once_one_gets_it(home: HomeUnderTest) -> None:
    def take(tenant: object) -> str:
        try:
            return create_tenant(home, tenant).version.id  # type: ignore[arg-type]
        except Conflict:
            return "taken"

    with ThreadPoolExecutor(2) as writers:
        outcomes = list(writers.map(take, [new_tenant(home, "acme") for _ in range(2)]))
    winner = next(outcome for outcome in outcomes if outcome != "taken")
    assert outcomes.count("taken") == 1
    assert home.provide("tenant_reader").by_name("acme").id == winner


def test_the_journal_entry_rides_with_the_change(home: HomeUnderTest) -> None:
    tenant = create_tenant(home, new_tenant(home, "acme")).version
    (told,) = home.changes(tenant.id, "tenants")
    assert told.event_type == "tenant.created"
    assert (told.metadata["version"], told.metadata["revision"], told.metadata["name"]) == (1, 1, "acme")


def test_a_repeated_idempotency_key_answers_as_the_first_time(home: HomeUnderTest) -> None:
    first = create_tenant(home, new_tenant(home, "acme"), promise(PLATFORM, "k", operation="create_tenant"))
    again = create_tenant(home, new_tenant(home, "acme"), promise(PLATFORM, "k", operation="create_tenant"))
    assert (again.version, again.replayed) == (first.version, True)


def test_another_body_with_the_same_key_is_refused(home: HomeUnderTest) -> None:
    create_tenant(home, new_tenant(home, "acme"), promise(PLATFORM, "k", b"one"))
    with pytest.raises(IdempotencyMismatch):
        create_tenant(home, new_tenant(home, "globex"), promise(PLATFORM, "k", b"two"))
    with pytest.raises(NotFound):
        home.provide("tenant_reader").by_name("globex")
