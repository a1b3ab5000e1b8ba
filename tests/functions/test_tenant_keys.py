"""A tenant's KMS key as KMS holds it, and the key that small tenants share."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from llm_config_domain.errors import Broken, NotFound
from llm_config_domain.names import PLATFORM, Name, TenantId
from llm_config_domain.secrets.values import Plaintext
from tests.support.aws import AwsKit, on_aws

ARN = "arn:aws:iam::123456789012:role/"
ROLES = {
    "sealing_roles": (f"{ARN}put-secret", f"{ARN}create-secret"),
    "unsealing_roles": (f"{ARN}get-secret",),
    "key_administrators": (f"{ARN}admin",),
}
SECRET = "/api/v1/secrets/keys/main?environment=production"


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        yield kit


@pytest.fixture
def told(kit: AwsKit) -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """What was asked of KMS: (operation, parameters). moto does not keep all of it."""
    heard: list[tuple[str, dict[str, Any]]] = []

    def hear(params: Any, model: Any, **_: Any) -> None:
        heard.append((model.name, json.loads(params["body"])))

    events = kit.account.client("kms").meta.events
    events.register("before-call.kms", hear)
    yield heard
    events.unregister("before-call.kms", hear)


def created(kit: AwsKit, name: str, tier: str = "standard") -> TenantId:
    body = {"name": name, "tier": tier}
    reply = kit.call("POST", "/api/v1/tenants", body, token=kit.token(PLATFORM, "global-admin"))
    assert reply.status == 201, reply.text
    return TenantId(reply.json["id"])


def key_of(kit: AwsKit, tenant: TenantId) -> str:
    key_id: str = kit.provide("tenant_reader").by_id(tenant).key_id
    return key_id


def test_a_new_tenants_key_has_its_alias_its_tag_its_description_and_its_rotation(
    kit: AwsKit, told: list[tuple[str, dict[str, Any]]]
) -> None:
    container = kit.another_container(key_aliases="alias/llm-config/staging/", key_rotation_days=90)
    acme = created(container, "acme")
    kms = kit.account.client("kms")
    key = kms.describe_key(KeyId=f"alias/llm-config/staging/{acme}")["KeyMetadata"]
    assert key["Arn"] == key_of(kit, acme)
    assert acme in key["Description"]
    assert kms.list_resource_tags(KeyId=key["KeyId"])["Tags"] == [{"TagKey": "llm-config:tenant", "TagValue": acme}]
    assert kms.get_key_rotation_status(KeyId=key["KeyId"])["KeyRotationEnabled"]
    asked = dict(told)
    assert asked["EnableKeyRotation"] == {"KeyId": key["KeyId"], "RotationPeriodInDays": 90}


def test_where_roles_are_named_the_key_is_made_with_their_policy(
    kit: AwsKit, told: list[tuple[str, dict[str, Any]]]
) -> None:
    acme = created(kit.another_container(**ROLES), "acme")
    held = kit.account.client("kms").get_key_policy(KeyId=key_of(kit, acme), PolicyName="default")["Policy"]
    assert f'"kms:EncryptionContext:tenant": "{acme}"' in held
    asked = dict(told)
    assert (asked["CreateKey"]["Policy"], asked["CreateKey"]["BypassPolicyLockoutSafetyCheck"]) == (held, True)


def test_where_none_are_named_the_key_has_the_default_policy(
    kit: AwsKit, told: list[tuple[str, dict[str, Any]]]
) -> None:
    created(kit, "acme")
    assert not {"Policy", "BypassPolicyLockoutSafetyCheck"} & set(dict(told)["CreateKey"])


def test_kms_hears_the_tenant_of_whatever_is_sealed_or_opened(
    kit: AwsKit, told: list[tuple[str, dict[str, Any]]]
) -> None:
    """What the policy's condition looks at."""
    acme = created(kit, "acme")
    token = kit.token(acme, "operator")
    assert kit.call("PUT", SECRET, {"type": "generic", "value": 1}, token=token).status == 201
    assert kit.another_container().call("GET", SECRET, token=token).status == 200
    used = [(name, asked) for name, asked in told if name in ("GenerateDataKey", "Decrypt", "Encrypt")]
    assert [name for name, _ in used] == ["GenerateDataKey", "Decrypt"]
    assert {(asked["EncryptionContext"]["tenant"], asked["KeyId"]) for _, asked in used} == {(acme, key_of(kit, acme))}


@pytest.mark.parametrize(
    ("told", "why"),
    [
        pytest.param({"sealing_roles": (f"{ARN}put-secret",)}, "key administrators", id="half a policy"),
        pytest.param({"shared_key_tiers": ("free",)}, "tiers share a key", id="a shared key without a name"),
        pytest.param({"shared_key": "arn", "shared_key_tiers": ("fre",)}, "none of ours", id="a tier misspelt"),
        pytest.param({"key_rotation_days": 30}, "90 to 2560", id="a period that KMS does not take"),
    ],
)
def test_a_setting_that_nobody_can_have_meant_makes_no_key(kit: AwsKit, told: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        kit.another_container(**told).provide("tenant_keys")


@pytest.fixture
def shared(kit: AwsKit) -> AwsKit:
    arn = kit.account.client("kms").create_key(Description="shared")["KeyMetadata"]["Arn"]
    return kit.another_container(shared_key=arn, shared_key_tiers=("free",))


def test_tenants_of_a_shared_tier_have_one_key_and_no_call_makes_it(shared: AwsKit) -> None:
    with shared.account.counted() as calls:
        small = [created(shared, name, "free") for name in ("acme", "globex")]
    assert not [name for name in calls if name.startswith("kms:")]
    assert len({key_of(shared, tenant) for tenant in small}) == 1
    assert key_of(shared, created(shared, "initech")) != key_of(shared, small[0])


def test_a_secret_under_a_shared_key_is_bound_to_its_tenant(shared: AwsKit) -> None:
    acme, globex = (created(shared, name, "free") for name in ("acme", "globex"))
    token = shared.token(acme, "operator")
    assert shared.call("PUT", SECRET, {"type": "generic", "value": "sk"}, token=token).status == 201
    assert shared.another_container().call("GET", SECRET, token=token).json["value"] == "sk"
    sealed = shared.provide("sealer").seal(Name(acme, "keys", "main", "production"), 1, Plaintext(b"1"))
    with pytest.raises(Broken):
        shared.provide("unsealer").unseal(Name(globex, "keys", "main", "production"), 1, sealed)


@pytest.mark.parametrize("change", ["disable", "enable", "cancel_deletion"])
def test_what_ends_one_tenant_does_not_touch_the_key_that_others_share(shared: AwsKit, change: str) -> None:
    acme = created(shared, "acme", "free")
    with pytest.raises(NotFound):
        getattr(shared.provide("tenant_keys"), change)(acme)
    with pytest.raises(NotFound):
        shared.provide("tenant_keys").schedule_deletion(acme, 7)
    state = shared.account.client("kms").describe_key(KeyId=key_of(shared, acme))["KeyMetadata"]["KeyState"]
    assert state == "Enabled"


def test_a_tenant_keeps_the_key_that_it_was_made_with_when_its_tier_shares_one_later(kit: AwsKit) -> None:
    acme = created(kit, "acme", "free")
    arn = kit.account.client("kms").create_key(Description="shared")["KeyMetadata"]["Arn"]
    later = kit.another_container(shared_key=arn, shared_key_tiers=("free",))
    token = later.token(acme, "operator")
    assert later.call("PUT", SECRET, {"type": "generic", "value": "sk"}, token=token).status == 201
    later.provide("tenant_keys").disable(acme)
    assert later.another_container().call("GET", SECRET, token=token).status == 503
