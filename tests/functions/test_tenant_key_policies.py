"""A tenant's key as KMS holds it: bound to its tenant, and to the deployment that made it."""

import json
from collections.abc import Iterator

import pytest

from llm_config.adapters.kms.tenant_keys import KmsTenantKeys
from llm_config_cdk.grants import tenant_key_policy
from llm_config_cdk.places import Place
from llm_config_domain.names import TenantId
from tests.support.aws import REGION, Account, account

ACME = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV")
PLACE = Place("llm-config-dev", "123456789012", REGION)


@pytest.fixture
def empty() -> Iterator[Account]:
    with account() as new:
        yield new


def made(in_account: Account, prefix: str) -> str:
    policy = json.dumps(tenant_key_policy(PLACE))
    return KmsTenantKeys(in_account.client("kms"), prefix, policy).create(ACME)


def test_a_tenants_key_has_the_deployments_policy_with_its_own_id_in_it(empty: Account) -> None:
    held = json.loads(
        empty.client("kms").get_key_policy(KeyId=made(empty, "llm-config-dev-"), PolicyName="default")["Policy"]
    )
    bound = [one["Condition"]["StringEquals"] for one in held["Statement"] if "Condition" in one]
    assert bound == [{"kms:EncryptionContext:tenant": ACME}] * 2


def test_two_deployments_in_one_account_have_keys_of_their_own(empty: Account) -> None:
    assert made(empty, "llm-config-dev-") == made(empty, "llm-config-dev-")
    assert made(empty, "llm-config-dev-") != made(empty, "llm-config-staging-")
