"""The tenants' keys and the large values failing: an outage is never told as damage, nor damage as an outage."""

from collections.abc import Callable
from typing import Any

import pytest
from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.identifiers import AlgorithmSuite

from llm_config.adapters.kms.master_keys import master_keys
from llm_config_domain.errors import Broken, Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.secrets.values import Plaintext, Sealed, binding
from llm_config_domain.tenants import Tier
from tests.support.aws import BUCKET, Fault
from tests.support.families import DynamoHome
from tests.support.faults import FAILURES, refusing, silent
from tests.support.samples import name_of, put_config


@pytest.mark.parametrize("fault", FAILURES)
def test_a_key_service_that_fails_is_unavailable_and_never_broken(
    aws_home: DynamoHome, acme: TenantId, fault: Fault
) -> None:
    sealed = aws_home.provide("sealer").seal(name_of(acme), 1, Plaintext(b"1"))
    aws_home.account.faults |= {f"kms:{name}": fault for name in ("GenerateDataKey", "Decrypt", "DescribeKey")}
    with pytest.raises(Unavailable):
        aws_home.provide("unsealer").unseal(name_of(acme), 1, sealed)
    with pytest.raises(Unavailable):
        aws_home.provide("sealer").seal(name_of(acme), 1, Plaintext(b"1"))
    with pytest.raises(Unavailable):
        aws_home.provide("tenant_keys").create(acme, Tier.STANDARD)


def test_a_message_under_another_tenants_key_is_refused_before_the_key_service_is_asked(
    aws_home: DynamoHome, acme: TenantId
) -> None:
    sealed = aws_home.provide("sealer").seal(name_of(aws_home.tenant("globex")), 1, Plaintext(b"1"))
    with aws_home.account.counted() as calls, pytest.raises(Broken):
        aws_home.provide("unsealer").unseal(name_of(acme), 1, sealed)
    assert not [name for name in calls if name.startswith("kms:")]


def test_an_uncommitted_message_is_refused_before_the_key_service_is_asked(
    aws_home: DynamoHome, acme: TenantId
) -> None:
    tenant = aws_home.provide("tenant_reader").by_id(acme)
    old = EncryptionSDKClient(commitment_policy=CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
    blob, _ = old.encrypt(
        source=b"1",
        key_provider=master_keys(aws_home.account.client("kms"), lambda _: tenant.key_id)(acme),
        encryption_context=binding(name_of(acme), 1),
        algorithm=AlgorithmSuite.AES_256_GCM_IV12_TAG16_HKDF_SHA256,
    )
    with aws_home.account.counted() as calls, pytest.raises(Broken):
        aws_home.provide("unsealer").unseal(name_of(acme), 1, Sealed(blob))
    assert not [name for name in calls if name.startswith("kms:")]


def test_two_that_make_a_tenants_key_at_once_end_with_one(aws_home: DynamoHome) -> None:
    stranger, tenant_keys = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), aws_home.provide("tenant_keys")
    made: list[str] = []

    def overtaken(call: Callable[[], Any]) -> Any:
        aws_home.account.faults.clear()
        made.append(tenant_keys.create(stranger, Tier.STANDARD))
        return call()

    aws_home.account.faults["kms:CreateAlias"] = overtaken
    assert [tenant_keys.create(stranger, Tier.STANDARD), tenant_keys.create(stranger, Tier.STANDARD)] == made * 2


def test_large_values_that_cannot_be_kept_are_not_written(aws_home: DynamoHome, acme: TenantId) -> None:
    aws_home.account.faults["s3:PutObject"] = silent
    with pytest.raises(Unavailable):
        put_config(aws_home, name_of(acme), '"' + "x" * 40_000 + '"')
    assert aws_home.changes(acme) == []


@pytest.mark.parametrize("fault", [silent, refusing("AccessDenied", 403), refusing("SlowDown", 503)])
def test_large_values_that_cannot_be_fetched_are_unavailable(
    aws_home: DynamoHome, acme: TenantId, fault: Fault
) -> None:
    put_config(aws_home, name_of(acme), '"' + "x" * 40_000 + '"')
    aws_home.account.faults["s3:GetObject"] = fault
    with pytest.raises(Unavailable):
        aws_home.provide("config_reader").entry(name_of(acme))


def test_a_large_value_that_was_changed_is_broken(aws_home: DynamoHome, acme: TenantId) -> None:
    put_config(aws_home, name_of(acme), '"' + "x" * 40_000 + '"')
    s3 = aws_home.account.client("s3")
    (kept,) = s3.list_objects_v2(Bucket=BUCKET)["Contents"]
    assert kept["Key"].startswith(f"{acme}/")
    s3.put_object(Bucket=BUCKET, Key=kept["Key"], Body=b'"' + b"y" * 40_000 + b'"')
    with pytest.raises(Broken):
        aws_home.provide("config_reader").entry(name_of(acme))
