"""ports/journal.py, promise by promise."""

from dataclasses import replace

import pytest

from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import entry_about, name_of


@pytest.mark.parametrize("count", [1, 2, 120])
def test_all_entries_are_there_when_it_returns(home: HomeUnderTest, acme: TenantId, count: int) -> None:
    entries = [entry_about(home, "secrets", name_of(acme), number=number) for number in range(count)]
    home.provide("journal").append(entries)
    assert sorted(home.accesses(acme), key=lambda entry: entry.id) == sorted(entries, key=lambda entry: entry.id)


def test_no_entries_are_no_record(home: HomeUnderTest, acme: TenantId) -> None:
    home.provide("journal").append([])
    assert home.accesses(acme) == []


@pytest.mark.parametrize("beside", [0, 1])
def test_entries_are_put_once_and_never_changed(home: HomeUnderTest, acme: TenantId, beside: int) -> None:
    entry = entry_about(home, "secrets", name_of(acme))
    home.provide("journal").append([entry])
    others = [entry_about(home, "secrets", name_of(acme)) for _ in range(beside)]
    with pytest.raises(Unavailable):
        home.provide("journal").append([*others, replace(entry, event_type="another")])
    assert home.accesses(acme) == [entry]


def test_each_entry_is_its_own_tenants(home: HomeUnderTest, acme: TenantId) -> None:
    globex = home.tenant("globex")
    entries = [entry_about(home, "secrets", name_of(tenant)) for tenant in (acme, globex)]
    home.provide("journal").append(entries)
    assert [home.accesses(tenant) for tenant in (acme, globex)] == [[entries[0]], [entries[1]]]
