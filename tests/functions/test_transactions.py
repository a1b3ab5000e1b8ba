"""A write is one transaction in a fixed order, and each of its rows has its own condition."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.names import TenantId
from tests.support.aws import PREFIX, on_aws
from tests.support.families import DynamoHome
from tests.support.samples import create_tenant, name_of, new_tenant, promise, put_config, put_secret

NEW = ("attribute_not_exists(pk)", None, None)
FREE = "attribute_not_exists(pk) OR #expires <= :now"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[DynamoHome]:
    with on_aws(tmp_path) as kit:
        yield DynamoHome(kit, str)


@pytest.fixture
def sent(home: DynamoHome) -> Iterator[list[Any]]:
    """The rows of the last transaction, in order: (table, sort key, condition)."""
    seen: list[Any] = []

    def note(params: Any, **_: Any) -> None:
        seen[:] = [_row(item["Put"]) for item in params["TransactItems"]]

    events = home.account.client("dynamodb").meta.events
    events.register("provide-client-params.dynamodb.TransactWriteItems", note)
    yield seen
    events.unregister("provide-client-params.dynamodb.TransactWriteItems", note)


def _row(put: Any) -> tuple[str, str, tuple[str, str | None, Any]]:
    names, values = put.get("ExpressionAttributeNames", {}), put.get("ExpressionAttributeValues", {})
    condition = put["ConditionExpression"], names.get("#counter"), values.get(":was", {}).get("N")
    return put["TableName"].removeprefix(PREFIX), put["Item"]["sk"]["S"], condition


@pytest.mark.parametrize(("table", "put"), [("configs", put_config), ("secrets", put_secret)])
def test_a_new_name(home: DynamoHome, sent: list[Any], table: str, put: Callable[..., Any]) -> None:
    put(home, name_of(home.tenant("acme")))
    assert sent == [
        (table, "C#primary#E#production", NEW),
        (table, "V#primary#E#production#0000000001", NEW),
        (table, "REVISION", NEW),
        ("journal", "0000000001#00", NEW),
    ]


@pytest.mark.parametrize(("table", "put"), [("configs", put_config), ("secrets", put_secret)])
def test_a_next_version_with_a_promise(home: DynamoHome, sent: list[Any], table: str, put: Callable[..., Any]) -> None:
    acme = home.tenant("acme")
    put(home, name_of(acme, "gateway/another"))
    put(home, name_of(acme))
    put(home, name_of(acme), idempotency=promise(acme, "k"))
    assert sent[:4] == [
        (table, "C#primary#E#production", ("#counter = :was", "revision", "2")),
        (table, "V#primary#E#production#0000000002", NEW),
        (table, "REVISION", ("#counter = :was", "revision", "2")),
        ("journal", "0000000003#00", NEW),
    ]
    assert [(row, condition[0]) for row, _, condition in sent[4:]] == [("counters", FREE)]


def test_a_tenant(home: DynamoHome, sent: list[Any]) -> None:
    create_tenant(home, new_tenant(home, "acme", TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")))
    assert sent == [
        ("control", "TENANT", NEW),
        ("control", "NAME", NEW),
        ("control", "01ARZ3NDEKTSV4RRFFQ69G5FAV", NEW),
        ("control", "ATTEMPT", ("#counter = :was", "number", "1")),
        ("control", "REVISION", NEW),
        ("journal", "0000000001#00", NEW),
    ]
