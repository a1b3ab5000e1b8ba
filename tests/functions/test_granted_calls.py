"""The permissions against what functions really do: take one away, and the call that misses it is named."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config.operations.catalog import OPERATIONS
from llm_config.operations.needs import needs_of
from llm_config_cdk.grants import GRANTS, Grant
from llm_config_domain.names import TenantId
from tests.support.aws import AwsKit, on_aws
from tests.support.permissions import Call, Grants, refused, watched

BY_NAME = {operation.name: operation for operation in OPERATIONS}
SECRET = "/api/v1/secrets/keys/main?environment=production"


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        yield kit


@pytest.fixture
def acme(kit: AwsKit) -> TenantId:
    return kit.tenant("acme")


def asked(kit: AwsKit, tenant: TenantId, method: str, url: str, body: Any = None, **headers: str) -> list[Call]:
    token = kit.token(tenant, "tenant-admin")
    with watched(kit.account) as calls:
        answer = kit.another_container().call(method, url, body, token=token, headers=headers)
    assert answer.status < 300, answer.json
    return calls


def reduced(need: str, dropped: Grant) -> Grants:
    return {**GRANTS, need: tuple(grant for grant in GRANTS[need] if grant is not dropped)}


def test_each_statement_that_putting_a_secret_rests_on_is_missed_by_name(kit: AwsKit, acme: TenantId) -> None:
    body = {"type": "api_key", "value": "sk-1"}
    calls = asked(kit, acme, "PUT", SECRET, body, **{"Idempotency-Key": "k"})
    operation = BY_NAME["put_secret"]
    missed = {
        line
        for need in needs_of(operation)
        for grant in GRANTS[need]
        for line in refused(operation, calls, reduced(need, grant))
    }
    assert missed == {
        "put_secret asks for dynamodb:BatchGetItem on table/control",
        "put_secret asks for dynamodb:BatchGetItem on table/counters",
        "put_secret asks for dynamodb:BatchGetItem on table/secrets",
        "put_secret asks for dynamodb:PutItem on table/counters",
        "put_secret asks for dynamodb:PutItem on table/journal",
        "put_secret asks for dynamodb:PutItem on table/secrets",
        "put_secret asks for kms:GenerateDataKey on keys",
    }
    assert not refused(operation, calls)


def test_reading_a_secret_without_the_right_to_unseal_is_missed_by_name(kit: AwsKit, acme: TenantId) -> None:
    asked(kit, acme, "PUT", SECRET, {"type": "api_key", "value": "sk-1"})
    calls = asked(kit, acme, "GET", SECRET)
    decrypt = GRANTS["unsealer"][0]
    assert refused(BY_NAME["get_secret"], calls, reduced("unsealer", decrypt)) == [
        "get_secret asks for kms:Decrypt on keys"
    ]


def test_one_operations_role_does_not_do_for_another(kit: AwsKit, acme: TenantId) -> None:
    calls = asked(kit, acme, "PUT", SECRET, {"type": "api_key", "value": "sk-1"})
    missed = refused(BY_NAME["get_secret"], calls)
    assert "get_secret asks for kms:GenerateDataKey on keys" in missed
    assert "get_secret asks for dynamodb:PutItem on table/secrets" in missed


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(Call("dynamodb:PutItem", "table/secrets", {"dynamodb:LeadingKeys": ["T#t#N#n"]}), id="alone"),
        pytest.param(
            Call(
                "dynamodb:PutItem",
                "table/journal",
                {"dynamodb:LeadingKeys": ["T#t#N#n"], "dynamodb:EnclosingOperation": ["TransactWriteItems"]},
            ),
            id="as a change of a config",
        ),
        pytest.param(Call("dynamodb:DeleteItem", "table/secrets", {"dynamodb:LeadingKeys": ["T#t#N#n"]}), id="delete"),
        pytest.param(Call("dynamodb:Scan", "table/secrets"), id="scan"),
        pytest.param(Call("kms:GenerateDataKey", "keys"), id="a data key for no tenant"),
    ],
)
def test_what_a_writer_of_secrets_may_not_do(call: Call) -> None:
    assert refused(BY_NAME["put_secret"], [call])
