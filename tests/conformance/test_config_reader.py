"""ports/config_reader.py, promise by promise."""

import pytest

from llm_config_domain.configs.changes import Deletion
from llm_config_domain.configs.entries import ConfigVersion, Layers, Pins
from llm_config_domain.errors import Malformed, NotFound, Unauthenticated
from llm_config_domain.names import PLATFORM, TenantId
from llm_config_domain.versions import Moment
from tests.support.families import HomeUnderTest
from tests.support.samples import change_config, name_of, put_config, put_namespace

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
    assert layers == Layers(1, {"system": done}, {"system": done}, 1)


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


def test_a_history_is_the_newest_first_in_pages(home: HomeUnderTest, acme: TenantId) -> None:
    done = [put_config(home, name_of(acme), str(number), reason=f"{number}").version for number in range(5)]
    put_config(home, name_of(acme, environment="staging"))
    history = home.provide("config_reader").history
    assert [told.version for told in history(name_of(acme), None, 10)] == [5, 4, 3, 2, 1]
    assert [told.version for told in history(name_of(acme), 4, 2)] == [3, 2]
    assert history(name_of(acme), 1, 2) == []
    assert history(name_of(acme), None, 1)[0].reason == done[-1].reason
    with pytest.raises(NotFound):
        history(name_of(acme, "gateway/none"), None, 10)


def test_a_listing_is_in_the_order_of_the_names_and_goes_on_after_a_place(home: HomeUnderTest, acme: TenantId) -> None:
    paths = ("gateway/b", "gateway/a", "gateway/a.b", "gateway/a-b", "gateway/deep/a", "gatewa/a", "team/a")
    for path in paths:
        put_config(home, name_of(acme, path))
    put_config(home, name_of(acme, "gateway/a", "edge"))
    put_config(home, name_of(home.tenant("globex"), "gateway/foreign"))
    listing = home.provide("config_reader").listing
    for glob, expected in {
        "*": [
            "gatewa/a",
            "gateway/a",
            "gateway/a",
            "gateway/a-b",
            "gateway/a.b",
            "gateway/b",
            "gateway/deep/a",
            "team/a",
        ],
        "gateway": ["gateway/a", "gateway/a", "gateway/a-b", "gateway/a.b", "gateway/b"],
        "gateway/*": ["gateway/deep/a"],
        "none": [],
    }.items():
        whole = listing(acme, glob, None, 100)
        assert [told.name.path for told in whole] == expected, glob
        paged, place = [], None
        while page := listing(acme, glob, place, 2):
            paged += page
            place = (page[-1].name.namespace, page[-1].name.key, page[-1].name.environment)
        assert paged == whole, glob
    assert [told.name.environment for told in listing(acme, "gateway", None, 2)] == ["edge", "production"]


def test_a_deletion_is_in_the_listing_and_says_so(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme))
    change_config(home, name_of(acme), Deletion)
    assert [told.head.deleted for told in home.provide("config_reader").listing(acme, "*", None, 10)] == [True]


def test_a_namespace_is_read_at_the_revision_of_its_first_page(home: HomeUnderTest, acme: TenantId) -> None:
    keys = ("a", "b", "c", "d")
    for key in keys:
        put_config(home, name_of(acme, f"gateway/{key}"), '"first"')
        put_config(home, name_of(PLATFORM, f"gateway/{key}", "global"), '"default"')
    reader = home.provide("config_reader")
    first = reader.namespace(acme, "gateway", None, "", 2)
    assert (sorted(first.keys), first.last, first.more) == (["a", "b"], "b", True)
    for key in keys:
        put_config(home, name_of(acme, f"gateway/{key}"), '"later"')
        put_config(home, name_of(PLATFORM, f"gateway/{key}", "global"), '"later default"')
    put_config(home, name_of(acme, "gateway/e"), '"new"')
    change_config(home, name_of(acme, "gateway/c"), Deletion)
    second = reader.namespace(acme, "gateway", first.pins, first.last, 3)
    assert (sorted(second.keys), second.more) == (["c", "d", "e"], False)
    assert [second.keys[key].tenant["production"].value for key in ("c", "d")] == ['"first"', '"first"']
    assert second.keys["d"].platform["global"].value == '"default"'
    assert second.keys["e"] == Layers(first.pins.tenant, {}, {})
    assert reader.namespace(acme, "none", None, "", 2).keys == {}


def test_a_tenant_that_is_not_active_lists_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme))
    home.suspend(acme)
    reader = home.provide("config_reader")
    with pytest.raises(Unauthenticated):
        reader.history(name_of(acme), None, 1)
    for glob in ("*", "gateway"):
        with pytest.raises(Unauthenticated):
            reader.listing(acme, glob, None, 1)
    with pytest.raises(Unauthenticated):
        reader.namespace(acme, "gateway", None, "", 1)


def test_the_layers_of_a_moment_are_those_that_stood_then(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("config_reader")
    first = put_config(home, name_of(acme), "1").version
    home.clock.step(10)
    enforced = put_config(home, name_of(PLATFORM, environment="system"), "9").version
    home.clock.step(10)
    put_config(home, name_of(acme, "gateway/other"))
    second = put_config(home, name_of(acme), "2").version
    home.clock.step(10)  # what is of one millisecond is of one moment
    change_config(home, name_of(acme), Deletion)
    put_config(home, name_of(PLATFORM, environment="system"), "8")

    def then(moment: Moment) -> tuple[Pins, dict[str, ConfigVersion], dict[str, ConfigVersion]]:
        found = reader.layers_at(acme, "gateway", "primary", moment)
        return found.pins, dict(found.tenant), dict(found.platform)

    nothing: dict[str, ConfigVersion] = {}
    assert then(Moment(revision=0)) == (Pins(0, 0), nothing, nothing)
    assert then(Moment("2000-01-01T00:00:00.000Z")) == (Pins(0, 0), nothing, nothing)
    assert then(Moment(revision=1)) == (Pins(1, 0), {"production": first}, nothing)
    assert then(Moment(first.updated_at)) == then(Moment(revision=1))
    assert then(Moment(enforced.updated_at)) == (Pins(1, 1), {"production": first}, {"system": enforced})
    assert then(Moment(revision=2)) == (Pins(2, 1), {"production": first}, {"system": enforced})
    assert then(Moment(revision=3)) == (Pins(3, 1), {"production": second}, {"system": enforced})
    now = reader.layers(acme, "gateway", "primary")
    assert then(Moment("2999-01-01T00:00:00.000Z")) == (Pins(4, 2), now.tenant, now.platform)
    with pytest.raises(Malformed):
        reader.layers_at(acme, "gateway", "primary", Moment(revision=5))


def test_the_layers_of_a_moment_of_the_platform_are_its_own(home: HomeUnderTest) -> None:
    first = put_config(home, name_of(PLATFORM, environment="global"), "1").version
    put_config(home, name_of(PLATFORM, environment="global"), "2")
    found = home.provide("config_reader").layers_at(PLATFORM, "gateway", "primary", Moment(revision=1))
    assert (found.pins, found.tenant, found.platform) == (Pins(1, 1), {"global": first}, {"global": first})


def test_there_are_no_layers_of_a_moment_for_a_tenant_that_is_not_active(home: HomeUnderTest, acme: TenantId) -> None:
    put_config(home, name_of(acme))
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        home.provide("config_reader").layers_at(acme, "gateway", "primary", Moment(revision=1))


def test_pins_are_what_the_layers_depend_on(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("config_reader")
    assert reader.pins(acme, "gateway") == Pins(0, 0)
    put_config(home, name_of(acme))
    put_config(home, name_of(acme, "gateway/other"))
    put_config(home, name_of(PLATFORM, environment="global"))
    assert reader.pins(acme, "gateway") == Pins(2, 1) == reader.layers(acme, "gateway", "primary").pins
    assert reader.pins(acme, "gateway").bound_seconds is None
    assert reader.layers(acme, "gateway", "primary", Pins(2, 1)) == reader.layers(acme, "gateway", "primary")
    home.suspend(acme)
    with pytest.raises(Unauthenticated):
        reader.pins(acme, "gateway")


def test_what_a_namespace_says_of_its_bound_comes_with_the_revisions(home: HomeUnderTest, acme: TenantId) -> None:
    reader = home.provide("config_reader")
    put_config(home, name_of(acme), "1")
    put_config(home, name_of(PLATFORM), "1")
    put_namespace(home, PLATFORM, "gateway", staleness_bound_seconds=7)
    assert reader.pins(acme, "gateway").bound_seconds is None, "the platform speaks for itself"
    for said in (0, 60, None):
        put_namespace(home, acme, "gateway", staleness_bound_seconds=said)
        told = (reader.pins(acme, "gateway"), reader.layers(acme, "gateway", "primary"))
        assert [one.bound_seconds for one in told] == [said, said]
        assert told[0] == Pins(1, 1), "it is no revision of the configs"
