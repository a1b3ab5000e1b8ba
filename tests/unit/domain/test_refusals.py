"""What a refusal says: people act on it, so each text is written down once more."""

from collections.abc import Callable
from typing import Any

import pytest

from llm_config_domain import environments, json_text, names
from llm_config_domain.configs import special_values
from llm_config_domain.configs.entries import Layers, value_text
from llm_config_domain.configs.resolve import resolve
from llm_config_domain.errors import MethodNotAllowed, NotFound, Refusal, TooLarge
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.names import PLATFORM, Name, TenantId
from llm_config_domain.secrets.values import check_binding
from llm_config_domain.tenants import require_active
from llm_config_domain.versions import ABSENT, Head, Preconditions

TENANT = TenantId("01M7XB2CPDX901Z538HPJ3CH8B")
NAME = Name(TENANT, "team", "key", "production")
ENVIRONMENTS = "unknown environment: use one of global, development, staging, production, edge (or dev, stage, prod)"
NAMESPACE = "a namespace is segments of a-z, 0-9 and '-' joined by single slashes, at most 500 characters"
KEY = "a key is a-z, 0-9, '.', '_' and '-', begins and ends with a letter or digit, at most 255 characters"
LABEL = "a tenant's name is 1 to 63 of a-z, 0-9 and '-', and begins and ends with a letter or digit"

SAID: dict[str, tuple[Callable[[], Any], str]] = {
    "a path of one segment": (
        lambda: names.split_path("key"),
        "a path is namespace/key: it needs at least two segments",
    ),
    "a namespace": (lambda: names.split_path("Team/key"), NAMESPACE),
    "a key": (lambda: names.split_path("team/-key"), KEY),
    "a tenant's name": (lambda: names.check_tenant_name("-"), LABEL),
    "an environment": (lambda: environments.canonical("qa"), ENVIRONMENTS),
    "the platform's own environment": (lambda: environments.check_owner(TENANT, "system"), ENVIRONMENTS),
    "not JSON": (lambda: json_text.read("{"), "the body is not valid JSON (RFC 8259)"),
    "too deep": (lambda: json_text.read("[" * 65 + "]" * 65), "the body is nested deeper than 64 levels"),
    "a name twice": (lambda: json_text.read('{"a":1,"a":1}'), "an object of the body has the same name twice"),
    "not a number": (lambda: json_text.read("NaN"), "NaN and Infinity are not JSON numbers"),
    "infinity": (lambda: json_text.read("[-Infinity]"), "NaN and Infinity are not JSON numbers"),
    "half a pair": (lambda: json_text.read('"\\ud800"'), "a string of the body holds half of a surrogate pair"),
    "another request": (
        lambda: Idempotency(TENANT, "put_config", "k", "00", b"1").check("00:0"),
        "this idempotency key was used with another request: choose a new key",
    ),
    "a name that is taken": (
        lambda: Preconditions(must_be_new=True).check(Head(1)),
        "an entry of this name exists",
    ),
    "an older version": (
        lambda: Preconditions(if_match='"1"').check(Head(2)),
        "If-Match does not name the current version, or there is none: read it, then try again",
    ),
    "a version that is there": (
        lambda: Preconditions(if_none_match="*").check(Head(2)),
        "If-None-Match names the current version",
    ),
    "a sealed value of another name": (
        lambda: check_binding(NAME, 1, {}),
        "a sealed value is bound to another name and was not opened",
    ),
    "a large value": (lambda: value_text("x" * 1024 * 1024), "a value is at most 1 MiB of JSON"),
    "a reference that is no text": (
        lambda: special_values.parse_reference(1),
        "a secret reference is text: namespace/key",
    ),
    "a reference to a stage": (
        lambda: special_values.parse_reference("team/key@next"),
        "after '@' stands a version or the stage 'current'",
    ),
    "a special value": (
        lambda: special_values.check({"$ref": 1}),
        "the value holds special objects that cannot be stored",
    ),
    "no layer": (
        lambda: resolve(Layers(0, {}, {}), NAME),
        "no layer of this environment has an entry of this name",
    ),
    "no tenant": (lambda: require_active(None), "the credential's tenant is not active"),
}


@pytest.mark.parametrize("said", SAID)
def test_a_refusal_says_what_to_do(said: str) -> None:
    refused, text = SAID[said]
    with pytest.raises(Refusal) as refusal:
        refused()
    assert (refusal.value.detail, str(refusal.value)) == (text, text)


def test_a_refusal_that_says_nothing_of_its_own_says_its_title() -> None:
    assert (NotFound().detail, str(NotFound())) == ("There is nothing here", "There is nothing here")
    assert (NotFound("gone").detail, str(NotFound("gone"))) == ("gone", "gone")


def test_a_limit_is_told_with_what_was_sent() -> None:
    with pytest.raises(TooLarge) as refusal:
        value_text("x" * 1024 * 1024)
    assert (refusal.value.limit, refusal.value.current) == (1024 * 1024, 1024 * 1024 + 2)
    assert Refusal(retry_after=3).retry_after == 3 and Refusal().retry_after is None


def test_a_method_that_a_path_does_not_take_is_refused_with_those_that_it_takes() -> None:
    refusal = MethodNotAllowed("no", allowed=["GET", "PUT"], retry_after=2)
    assert (refusal.allowed, refusal.detail, refusal.retry_after) == (("GET", "PUT"), "no", 2)
    assert MethodNotAllowed().detail == "This path does not take this method"


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param(
            {"a": {"$ref": 1}},
            ("/a", "reserved", "$ref, $template and $unset cannot be stored yet; wrap a plain object in $literal"),
            id="a reserved name",
        ),
        pytest.param(
            [{"$secret": "team/key", "b": 1}],
            ("/0", "special_alone", "a special object has no other member"),
            id="a special object that is not alone",
        ),
        pytest.param(
            {"$secret": "key"},
            ("", "secret_reference", "a path is namespace/key: it needs at least two segments"),
            id="a reference of one segment",
        ),
        pytest.param(
            {"$secret": "team/key@0"},
            ("", "secret_reference", "after '@' stands a version or the stage 'current'"),
            id="a reference to version 0",
        ),
    ],
)
def test_each_special_value_that_is_not_well_formed_is_named_by_place_and_rule(value: Any, told: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        special_values.check(value)
    assert [(one.path, one.rule, one.message) for one in refusal.value.violations] == [told]


@pytest.mark.parametrize(
    ("text", "reference"),
    [("team/key", ("team/key", None)), ("team/key@current", ("team/key", None)), ("team/key@17", ("team/key", 17))],
)
def test_a_reference_is_a_path_and_perhaps_a_version(text: str, reference: tuple[str, int | None]) -> None:
    found = special_values.parse_reference(text)
    assert (found.path, found.version) == reference


@pytest.mark.parametrize("text", ["team/key@1@2", "team/key@", "@1", "team/key@01", "team/key@1234567890"])
def test_a_reference_that_says_too_much_or_too_little_is_refused(text: str) -> None:
    with pytest.raises(Refusal):
        special_values.parse_reference(text)


def test_only_the_platform_has_the_enforced_layer() -> None:
    environments.check_owner(PLATFORM, "system")
    environments.check_owner(TENANT, "production")
    with pytest.raises(Refusal):
        environments.check_owner(TENANT, "system")


def test_what_is_absent_has_no_current_version() -> None:
    assert (ABSENT.version, ABSENT.deleted) == (0, True)
