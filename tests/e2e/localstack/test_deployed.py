"""Behind the API: the tenant's key, the rows, the journal and its stream, the functions themselves."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from llm_config_cdk.places import Place
from llm_config_client import Client
from llm_config_localstack.listeners import LOOPBACK, listeners
from llm_config_localstack.places import ACCOUNT, REGION, STAGE
from tests.e2e.deployments import Deployment, Tenant, settled
from tests.e2e.deployments import client as aws_client

PLACE = Place(STAGE.prefix, ACCOUNT, REGION)
PREFIX = PLACE.table_prefix
CANARY = "canary-5f1d7e"


@pytest.fixture(scope="module")
def dynamodb(deployed: Deployment) -> Any:
    return aws_client("dynamodb", deployed.aws)


def rows(dynamodb: Any, table: str) -> list[dict[str, Any]]:
    """Every row, as only a test may ask for them."""
    pages = dynamodb.get_paginator("scan").paginate(TableName=PREFIX + table)
    return [row for page in pages for row in page["Items"]]


def test_a_tenants_key_is_made_with_it_and_bound_to_it(deployed: Deployment, acme: Tenant) -> None:
    kms = aws_client("kms", deployed.aws)
    key = kms.describe_key(KeyId=f"{PLACE.alias_prefix}{acme.id}")["KeyMetadata"]
    policy = json.dumps(json.loads(kms.get_key_policy(KeyId=key["KeyId"], PolicyName="default")["Policy"]))
    assert "kms:EncryptionContext:tenant" in policy
    assert acme.id in policy


def test_when_a_tenants_key_rotates_what_it_sealed_before_opens_and_no_row_is_touched(
    deployed: Deployment, dynamodb: Any, acme: Tenant, client: Client, space: str
) -> None:
    """A value that no function has read yet: its data key is in no container's memory."""
    kms = aws_client("kms", deployed.aws)

    def material() -> tuple[str, str]:
        told = kms.describe_key(KeyId=f"{PLACE.alias_prefix}{acme.id}")["KeyMetadata"]
        return told["KeyId"], told["CurrentKeyMaterialId"]

    def held(key: str) -> list[dict[str, Any]]:
        return [row for row in rows(dynamodb, "secrets") if space in row["pk"]["S"] and f"#{key}#" in row["sk"]["S"]]

    client.put_secret(f"{space}/before", CANARY, environment="production")
    (key, earlier), before = material(), held("before")
    kms.rotate_key_on_demand(KeyId=key)
    settled(lambda: material()[1] != earlier, "the key has its old material")
    client.put_secret(f"{space}/after", CANARY, environment="production")
    for name in ("before", "after"):
        assert client.get_secret(f"{space}/{name}", environment="production").value == CANARY
    assert before and held("before") == before


def test_a_secret_lies_nowhere_in_the_clear(deployed: Deployment, dynamodb: Any, client: Client, space: str) -> None:
    client.put_secret(f"{space}/small", CANARY, environment="production")
    client.put_secret(f"{space}/large", CANARY * 10_000, environment="production")
    assert client.get_secret(f"{space}/large", environment="production").value == CANARY * 10_000
    for table in ("configs", "secrets", "control", "counters", "journal"):
        assert CANARY not in str(rows(dynamodb, table))
    s3 = aws_client("s3", deployed.aws)
    kept = [one["Key"] for one in s3.list_objects_v2(Bucket=PLACE.values_bucket)["Contents"]]
    assert kept
    for key in kept:
        assert CANARY.encode() not in s3.get_object(Bucket=PLACE.values_bucket, Key=key)["Body"].read()


def test_every_change_is_in_the_journal_once(dynamodb: Any, acme: Tenant, client: Client, space: str) -> None:
    for number in range(3):
        client.put_config(f"{space}/a", number, environment="edge")
    client.delete_config(f"{space}/a", environment="edge")
    line = f"T#{acme.id}#N#{space}"
    told = [json.loads(row["entry"]["S"]) for row in rows(dynamodb, "journal") if row["pk"]["S"] == line]
    assert [entry["event_type"].rpartition(".")[2] for entry in told] == ["created", "updated", "updated", "deleted"]


def test_the_journal_has_a_stream_for_those_who_follow_it(dynamodb: Any) -> None:
    table = dynamodb.describe_table(TableName=f"{PREFIX}journal")["Table"]
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_IMAGE"}


def test_a_function_is_its_own_folder_on_two_layers(deployed: Deployment) -> None:
    told = aws_client("lambda", deployed.aws).get_function_configuration(FunctionName=PLACE.function("get_config"))
    assert (told["Runtime"], told["Handler"], len(told["Layers"])) == ("python3.13", "handler.lambda_handler", 2)


def test_nothing_of_it_listens_to_the_network(deployed: Deployment) -> None:
    for url in (deployed.url, deployed.aws["AWS_ENDPOINT_URL"]):
        assert {address for address, _ in listeners(urlsplit(url).port or 0)} == {LOOPBACK}
