"""ports/namespace_reader.py, promise by promise."""

import pytest

from llm_config_domain.configs.changes import Deletion
from llm_config_domain.errors import NotFound, Unauthenticated
from llm_config_domain.names import TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import change_config, name_of, put_config, put_namespace, put_secret, undescribe


def test_a_namespace_is_there_once_something_was_written_in_it_or_is_said_about_it(
    home: HomeUnderTest, acme: TenantId
) -> None:
    put_config(home, name_of(acme, "a/key"))
    put_config(home, name_of(acme, "a/other"))
    put_secret(home, name_of(acme, "b/key"))
    put_namespace(home, acme, "c", description="said")
    reader = home.provide("namespace_reader")
    found = [reader.entry(acme, name) for name in ("a", "b", "c")]
    assert [(one.configs_revision, one.secrets_revision) for one in found] == [(2, 0), (0, 1), (0, 0)]
    assert [one.said.description if one.said else None for one in found] == [None, None, "said"]


def test_a_namespace_that_only_holds_deletions_is_there(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme, "a/key"))
    change_config(home, name_of(acme, "a/key"), Deletion)
    assert home.provide("namespace_reader").entry(acme, "a").configs_revision == 2


def test_what_is_not_there_is_not_found_whoever_else_has_it(home: HomeUnderTest, acme: TenantId) -> None:
    globex = home.tenant("globex")
    put_config(home, name_of(globex, "a/key"))
    put_namespace(home, globex, "b")
    put_namespace(home, acme, "c")
    undescribe(home, acme, "c")
    put_config(home, name_of(acme, "team/below/key"))
    for name in ("a", "b", "c", "team", "team/below/key", "team/belo"):
        with pytest.raises(NotFound):
            home.provide("namespace_reader").entry(acme, name)


def test_a_listing_has_each_namespace_once_in_the_order_of_names_a_page_at_a_time(
    home: HomeUnderTest, acme: TenantId
) -> None:
    for name in ("a", "a-b", "a/b", "z"):
        put_config(home, name_of(acme, f"{name}/key"))
    for name in ("a", "b", "a/b"):
        put_secret(home, name_of(acme, f"{name}/key"))
    for name in ("a", "c", "gone"):
        put_namespace(home, acme, name, description=f"of {name}")
    undescribe(home, acme, "gone")
    put_namespace(home, home.tenant("globex"), "foreign")
    reader = home.provide("namespace_reader")
    every = reader.listing(acme, "", 100)
    assert [one.name for one in every] == ["a", "a-b", "a/b", "b", "c", "z"]
    assert every == [reader.entry(acme, one.name) for one in every]
    for size in (1, 2, 3):
        found: list[str] = []
        while page := reader.listing(acme, found[-1] if found else "", size):
            assert len(page) <= size
            found += [one.name for one in page]
        assert found == [one.name for one in every]


def test_a_tenant_that_is_not_active_reads_none(home: HomeUnderTest, acme: TenantId) -> None:
    put_namespace(home, acme, "a")
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        home.provide("namespace_reader").entry(acme, "a")
    with pytest.raises(Unauthenticated):
        home.provide("namespace_reader").listing(acme, "", 1)
