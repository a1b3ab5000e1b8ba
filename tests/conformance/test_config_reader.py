"""ports/config_reader.py, promise by promise."""

import pytest

from llm_config_domain.configs.entries import Layers
from llm_config_domain.errors import NotFound, Unauthenticated
from llm_config_domain.names import PLATFORM, TenantId
from tests.support.families import HomeUnderTest
from tests.support.samples import name_of, put_config

STRANGER = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")


def test_an_entry_is_that_version_or_the_current_one(home: HomeUnderTest, acme: TenantId) -> None:
    first, second = (put_config(home, name_of(acme), value).version for value in ("1", "2"))
    reader = home.provide("config_reader")
    assert reader.entry(name_of(acme)) == second
    assert (reader.entry(name_of(acme), 1), reader.entry(name_of(acme), 2)) == (first, second)


@pytest.mark.parametrize("version", [None, 1])
def test_absent_is_not_found(home: HomeUnderTest, acme: TenantId, version: int | None) -> None:
    with pytest.raises(NotFound):
        home.provide("config_reader").entry(name_of(acme), version)


@pytest.mark.parametrize("version", [2, 10**9, 10**10, 10**18])
def test_a_version_that_never_was_is_not_found(home: HomeUnderTest, acme: TenantId, version: int) -> None:
    put_config(home, name_of(acme))
    with pytest.raises(NotFound):
        home.provide("config_reader").entry(name_of(acme), version)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"path": "gateway/primary2"}, id="a key that begins the same"),
        pytest.param({"path": "gateway2/primary"}, id="a namespace that begins the same"),
        pytest.param({"path": "gateway/primary", "environment": "staging"}, id="another environment"),
    ],
)
def test_another_name_is_not_found(home: HomeUnderTest, acme: TenantId, other: dict[str, str]) -> None:
    put_config(home, name_of(acme))
    with pytest.raises(NotFound):
        home.provide("config_reader").entry(name_of(acme, **other))


def test_another_tenants_entry_is_not_found(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme))
    with pytest.raises(NotFound):
        home.provide("config_reader").entry(name_of(home.tenant("globex")))


def test_layers_are_the_current_entries_of_one_key_in_all_environments(home: HomeUnderTest, acme: TenantId) -> None:
    for path in ("gateway/primary", "gateway/primary.x", "gateway/primar", "gateway/deep/primary"):
        put_config(home, name_of(acme, path, "global"), "0")
    current = put_config(home, name_of(acme, environment="production"), "1").version
    put_config(home, name_of(acme, environment="global"), "2")
    layers = home.provide("config_reader").layers(acme, "gateway", "primary")
    assert set(layers.tenant) == {"global", "production"}
    assert layers.tenant["production"] == current
    assert layers.tenant["global"].version == 2
    assert (layers.revision, layers.platform) == (5, {})


def test_the_platforms_entries_of_the_same_key_are_layers_too(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(PLATFORM, environment="global"), '{"from":"platform"}')
    put_config(home, name_of(PLATFORM, "gateway/another", "global"))
    layers = home.provide("config_reader").layers(acme, "gateway", "primary")
    assert (layers.revision, layers.tenant, set(layers.platform)) == (0, {}, {"global"})


def test_the_platform_itself_has_its_layers(home: HomeUnderTest) -> None:
    done = put_config(home, name_of(PLATFORM, environment="system")).version
    layers = home.provide("config_reader").layers(PLATFORM, "gateway", "primary")
    assert layers == Layers(1, {"system": done}, {"system": done})


def test_nothing_found_is_an_empty_layers(home: HomeUnderTest, acme: TenantId) -> None:
    assert home.provide("config_reader").layers(acme, "gateway", "primary") == Layers(0, {}, {})


def test_a_tenant_that_is_not_active_reads_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme))
    home.suspend(acme)
    reader = home.provide("config_reader")
    for tenant in (acme, STRANGER):
        for version in (None, 1):
            with pytest.raises(Unauthenticated):
                reader.entry(name_of(tenant), version)
        with pytest.raises(Unauthenticated):
            reader.layers(tenant, "gateway", "primary")
