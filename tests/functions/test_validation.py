"""Validating a config: what a write would refuse and what a schema says, told and not stored."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.names import TenantId
from tests.support.families import FAMILIES, HomeUnderTest

URL = "/api/v1/config-validations/gateway/primary?environment=production"


@pytest.fixture(params=sorted(FAMILIES))
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HomeUnderTest]:
    with FAMILIES[request.param](tmp_path, str) as tested:
        yield tested


@pytest.fixture
def acme(home: HomeUnderTest) -> TenantId:
    return home.tenant("acme")


def asked(home: HomeUnderTest, acme: TenantId, body: Any) -> Any:
    reply = home.kit.call("POST", URL, body, token=home.kit.token(acme, "tenant-admin"))
    return reply.status, reply.json


def rules(told: list[dict[str, str]]) -> list[tuple[str, str]]:
    return sorted((broken["path"], broken["rule"]) for broken in told)


@pytest.mark.parametrize(
    ("body", "violations", "warnings"),
    [
        pytest.param({"value": {"a": 1}}, [], [], id="no schema"),
        pytest.param({"value": {"a": 1}, "schema": None}, [], [], id="null for a schema"),
        pytest.param({"value": None, "schema": {"type": "null"}}, [], [], id="null follows null"),
        pytest.param({"value": {"a": {"$unset": True}}}, [("/a", "reserved")], [], id="a special object of later"),
        pytest.param({"value": {"$secret": 7}}, [("", "secret_reference")], [], id="a reference that is none"),
        pytest.param({"value": "x" * 1024 * 1024, "schema": {"type": "null"}}, [("", "too_large")], [], id="too large"),
        pytest.param({"value": {"a": {"$literal": {"$ref": 1}}}, "schema": {"properties": {"a": {"required": ["$ref"]}}}},
                     [], [], id="a literal as its reader gets it"),
        pytest.param({"value": {"a": {"$secret": "keys/main"}, "b": 1},
                      "schema": {"additionalProperties": {"type": "string"}}}, [("/b", "type")], [("/a", "type")],
                     id="a secret's reference for a text"),
        pytest.param({"value": {"a": {"$secret": "keys/main"}},
                      "schema": {"properties": {"a": {"additionalProperties": {"type": "null"}}}}}, [],
                     [("/a/$secret", "type")], id="a schema of what a reference looks like"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_by_place_and_rule(
    home: HomeUnderTest, acme: TenantId, body: Any, violations: list[Any], warnings: list[Any]
) -> None:
    status, told = asked(home, acme, body)
    assert status == 200
    assert (rules(told["violations"]), rules(told["warnings"])) == (violations, warnings)
    assert told["valid"] == (violations == [])


@pytest.mark.parametrize(
    ("schema", "status", "place"),
    [
        pytest.param({"$ref": "http://127.0.0.1/x"}, 422, "/schema/$ref", id="a reference that leads out"),
        pytest.param({"items": {"pattern": "(?=a)"}}, 422, "/schema/items/pattern", id="a pattern that looks around"),
        pytest.param("llm-route@v1.0.0", 400, "/schema", id="a registered name"),
        pytest.param(7, 400, "/schema", id="a number"),
    ],
)
def test_a_schema_that_cannot_be_used_is_refused(
    home: HomeUnderTest, acme: TenantId, schema: Any, status: int, place: str
) -> None:
    got, problem = asked(home, acme, {"value": 1, "schema": schema})
    assert (got, problem["violations"][0]["path"]) == (status, place)


def test_a_value_and_a_schema_that_would_take_too_long_are_refused(home: HomeUnderTest, acme: TenantId) -> None:
    schema = {"properties": {"a": {"oneOf": [{"$ref": "#"}, {"$ref": "#"}]}}}
    value: Any = 1
    for _ in range(50):
        value = {"a": value}
    status, problem = asked(home, acme, {"value": value, "schema": schema})
    assert (status, problem["kind"]) == (422, "value_refused")


def test_it_is_on_record_and_nothing_is_stored(home: HomeUnderTest, acme: TenantId) -> None:
    token = home.kit.token(acme, "tenant-admin")
    assert asked(home, acme, {"value": {"a": 1}})[0] == 200
    assert home.changes(acme) == []
    assert home.kit.call("GET", URL.replace("config-validations", "configs"), token=token).status == 404


def test_a_suspended_tenant_is_told_that_its_credential_is_worth_nothing(home: HomeUnderTest, acme: TenantId) -> None:
    home.suspend(acme)
    status, problem = asked(home, acme, {"value": 1})
    assert (status, problem["kind"]) == (401, "unauthenticated")


def test_a_schema_of_more_than_256_kib_is_too_large(home: HomeUnderTest, acme: TenantId) -> None:
    status, problem = asked(home, acme, {"value": 1, "schema": {"title": "x" * 256 * 1024}})
    assert (status, problem["limit"]) == (413, 256 * 1024)
