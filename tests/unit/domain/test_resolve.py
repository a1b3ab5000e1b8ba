"""Resolving: the worked examples, the layers, the explanations and the special values."""

import re
from collections.abc import Mapping
from typing import Any

import pytest

from llm_config_domain import json_text
from llm_config_domain.configs import special_values
from llm_config_domain.configs.entries import ConfigVersion, Layers, Pins, value_text
from llm_config_domain.configs.resolve import Resolution, render, resolve
from llm_config_domain.errors import NotFound, TooLarge, ValueRefused
from llm_config_domain.names import PLATFORM, Name, TenantId
from llm_config_domain.versions import ChangeType

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")


def entry(environment: str, value: Any, tenant: TenantId = TENANT, **changed: Any) -> ConfigVersion:
    fields: dict[str, Any] = {
        "name": Name(tenant, "app", "database", environment),
        "id": f"{tenant}-{environment}",
        "version": 1,
        "revision": 1,
        "value": json_text.write(value),
        "change_type": ChangeType.CREATE,
        "classification": "internal",
        "tags": {},
        "reason": None,
        "created_at": "2026-01-01T00:00:00.000Z",
        "created_by": "user:a",
        "updated_at": "2026-01-01T00:00:00.000Z",
        "updated_by": "user:a",
    }
    return ConfigVersion(**{**fields, **changed})


def resolved(environment: str, tenant: Mapping[str, Any], platform: Mapping[str, Any] | None = None) -> Resolution:
    mine = {name: entry(name, value) for name, value in tenant.items()}
    theirs = {name: entry(name, value, PLATFORM) for name, value in (platform or {}).items()}
    return resolve(Layers(7, mine, theirs), Name(TENANT, "app", "database", environment))


DATABASE = {
    "global": {"database": {"pool_size": 10, "timeout": "30s", "ssl": False}},
    "development": {"database": {"pool_size": 5}},
    "production": {"database": {"pool_size": 50, "ssl": True}},
}


def test_the_override_example_resolves_as_documented() -> None:
    expected = {"database": {"pool_size": 50, "timeout": "30s", "ssl": True}}
    assert resolved("production", DATABASE).value == expected
    assert resolved("development", DATABASE).value == {"database": {"pool_size": 5, "timeout": "30s", "ssl": False}}


def test_edge_inherits_from_global_alone() -> None:
    assert resolved("edge", DATABASE).value == DATABASE["global"]


def test_the_platform_lies_under_and_over_the_tenant() -> None:
    platform = {"global": {"a": "under", "b": "under"}, "system": {"c": "over"}, "production": {"a": "never"}}
    tenant = {"production": {"b": "tenant", "c": "tenant"}}
    answer = resolved("production", tenant, platform)
    assert answer.value == {"a": "under", "b": "tenant", "c": "over"}
    told = [(layer.owner, layer.environment) for layer in answer.layers]
    assert told == [("platform", "global"), ("tenant", "production"), ("platform", "system")]


def test_a_deleted_layer_is_absent() -> None:
    layers = {"global": entry("global", {"a": 1}), "staging": entry("staging", {"a": 2}, change_type=ChangeType.DELETE)}
    assert resolve(Layers(1, layers, {}), Name(TENANT, "app", "database", "staging")).value == {"a": 1}


def test_no_layer_is_not_found() -> None:
    with pytest.raises(NotFound):
        resolved("development", {"production": {"a": 1}})


def test_the_platforms_own_configs_are_not_laid_over_themselves() -> None:
    own = {"global": entry("global", {"a": 1}, PLATFORM)}
    answer = resolve(Layers(1, own, own), Name(PLATFORM, "app", "database", "global"))
    assert len(answer.layers) == 1


def test_each_leaf_is_explained_with_what_it_hides() -> None:
    explained = {
        pointer: (layer.environment, [shadow.environment for shadow in shadows])
        for pointer, (layer, shadows) in resolved("production", DATABASE).explain().items()
    }
    assert explained == {
        "/database/pool_size": ("production", ["global", "development"]),
        "/database/timeout": ("global", []),
        "/database/ssl": ("production", ["global"]),
    }


def test_a_value_of_another_type_hides_everything_below_it() -> None:
    layers = {"global": {"a": {"b": 1, "c": 2}}, "development": {"a": 5}, "staging": {"a": {"d": 3}}}
    explained = resolved("staging", layers).explain()
    assert list(explained) == ["/a/d"]
    layer, shadows = explained["/a/d"]
    assert (layer.environment, [shadow.environment for shadow in shadows]) == ("staging", ["global", "development"])


def test_the_tag_changes_with_any_layer_and_with_nothing_else() -> None:
    one = resolved("production", DATABASE)
    same = resolved("production", DATABASE)
    changed = {name: entry(name, value) for name, value in DATABASE.items()} | {
        "global": entry("global", {}, version=2)
    }
    other = resolve(Layers(7, changed, {}), Name(TENANT, "app", "database", "production"))
    assert one.etag() == same.etag() != other.etag()
    assert one.etag() != one.etag("explain")


def test_a_literal_is_unwrapped_and_what_stands_in_it_asks_for_nothing() -> None:
    value = {"a": {"$literal": {"$secret": "team/key"}}, "b": [{"$literal": 1}]}
    special_values.check(value)
    assert render(value) == {"a": {"$secret": "team/key"}, "b": [1]}


def test_a_reference_is_replaced_where_it_stands() -> None:
    value = {"models": [{"key": {"$secret": "keys/openai@3"}}]}
    asked = []

    def inject(reference: special_values.SecretReference, pointer: str, original: Any) -> Any:
        asked.append((reference, pointer, original))
        return "injected"

    assert render(value, inject) == {"models": [{"key": "injected"}]}
    assert asked == [(special_values.SecretReference("keys/openai", 3), "/models/0/key", {"$secret": "keys/openai@3"})]
    assert render(value) == value


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"$ref": "team/key"}, id="a reference to a config"),
        pytest.param({"$template": "x", "with": {}}, id="a template"),
        pytest.param({"a": {"$unset": True}}, id="an unset"),
        pytest.param({"a": [{"$secret": "team/key", "more": 1}]}, id="a secret with company"),
        pytest.param({"$secret": 5}, id="a secret reference that is not text"),
        pytest.param({"$secret": "key"}, id="a secret reference without a namespace"),
        pytest.param({"$secret": "team/key@0"}, id="version zero"),
        pytest.param({"$secret": "team/key@soon"}, id="an unknown stage"),
        pytest.param({"$literal": 1, "more": 2}, id="a literal with company"),
    ],
)
def test_a_special_object_that_cannot_be_stored_is_refused_by_its_place(value: Any) -> None:
    with pytest.raises(ValueRefused) as refused:
        special_values.check({"deep": [value]})
    assert all(violation.path.startswith("/deep/0") for violation in refused.value.violations)
    assert refused.value.violations


def test_other_names_with_a_dollar_are_plain() -> None:
    special_values.check({"$schema": "x", "$id": 1, "price$": 2})


def test_a_value_over_one_mebibyte_is_too_large() -> None:
    assert value_text("x" * (1024 * 1024 - 2))
    with pytest.raises(TooLarge) as refused:
        value_text("x" * (1024 * 1024 - 1))
    assert (refused.value.limit, refused.value.current) == (1024 * 1024, 1024 * 1024 + 1)


def test_a_resolution_says_for_which_environment_and_at_which_revision() -> None:
    answer = resolved("production", DATABASE)
    assert (answer.environment, answer.revision) == ("production", 7)
    assert resolved("staging", DATABASE).etag() != resolved("development", DATABASE).etag()


def test_a_tag_is_128_bits_in_quotes() -> None:
    assert re.fullmatch(r'"[0-9a-f]{32}"', resolved("production", DATABASE).etag())


def test_a_resolution_is_worked_out_once_for_each_environment() -> None:
    found = Layers(7, {"global": entry("global", 1), "edge": entry("edge", 2)}, {})
    edge, production = (Name(TENANT, "app", "database", environment) for environment in ("edge", "production"))
    assert resolve(found, edge) is resolve(found, edge)
    assert (resolve(found, edge).value, resolve(found, production).value) == (2, 1)


def test_a_resolution_is_rendered_as_its_reader_gets_it() -> None:
    told = resolved("production", {"production": {"a": {"$literal": {"$secret": "x"}}, "b": {"$secret": "team/key"}}})
    assert told.rendered() == {"a": {"$secret": "x"}, "b": {"$secret": "team/key"}}
    assert told.text == '{"a":{"$secret":"x"},"b":{"$secret":"team/key"}}'
    seen: list[tuple[str, str]] = []

    def inject(reference: special_values.SecretReference, place: str, own: Any) -> Any:
        seen.append((reference.path, place))
        return "sk-1"

    assert told.rendered(inject) == {"a": {"$secret": "x"}, "b": "sk-1"}
    assert seen == [("team/key", "/b")]
    assert resolved("edge", {"edge": {"c": {"$literal": 1}}}).rendered() == {"c": 1}


def test_the_places_of_references_are_told_and_nothing_else() -> None:
    value = {"a/b": [1, {"$secret": "team/key"}], "l": {"$literal": {"$secret": "team/key"}}, "s": {"$secret": "t/k"}}
    assert special_values.reference_pointers(value) == ["/a~1b/1", "/s"]
    assert special_values.reference_pointers({"$secret": "t/k"}) == [""]
    assert special_values.reference_pointers({"a": 1}) == []


def test_a_resolution_is_of_its_nearest_layers_version() -> None:
    found = Layers(7, {"global": entry("global", 1, version=5), "edge": entry("edge", 2, version=3)}, {})
    assert resolve(found, Name(TENANT, "app", "database", "edge")).version == 3


def test_what_was_held_takes_over_how_long_it_may_be_believed() -> None:
    held = Layers(7, {"global": entry("global", 1)}, {}, platform_revision=2, generation=1, bound_seconds=30)
    assert held.pins == Pins(7, 2, 1, 30) and held.pins.bound_seconds == 30
    assert held.bound_by(Pins(7, 2, 1, 30)) is held
    shorter = held.bound_by(Pins(7, 2, 1, 5))
    assert (shorter.bound_seconds, shorter.tenant, shorter.revision) == (5, held.tenant, 7)


@pytest.mark.parametrize(
    ("mine", "others", "may"),
    [
        pytest.param(Pins(7, 2), Pins(7, 2), True, id="the same"),
        pytest.param(Pins(8, 2), Pins(7, 2), True, id="later"),
        pytest.param(Pins(7, 3), Pins(7, 2), True, id="later, of the platform"),
        pytest.param(Pins(6, 3), Pins(7, 2), False, id="earlier"),
        pytest.param(Pins(8, 1), Pins(7, 2), False, id="earlier, of the platform"),
        pytest.param(Pins(1, 1, 2), Pins(7, 2, 1), True, id="after a purge"),
        pytest.param(Pins(9, 9, 1), Pins(7, 2, 2), False, id="before a purge"),
    ],
)
def test_revisions_decide_what_may_be_kept_and_a_purge_begins_anew(mine: Pins, others: Pins, may: bool) -> None:
    assert mine.may_follow(others) is may
