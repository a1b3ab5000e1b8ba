"""Tables, buckets and keys are laid out as the adapters want them, and hard to lose."""

import pytest

from llm_config.adapters.dynamodb import keys
from llm_config_cdk.stages import DEV, PRODUCTION, STAGES, Stage
from tests.support.templates import Templates

DATA = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key")


def test_the_five_tables_are_as_the_adapters_want_them(whole: Templates) -> None:
    tables = {
        told["TableName"].removeprefix(whole.place.table_prefix): told
        for told in whole.properties("AWS::DynamoDB::Table")
    }
    assert set(tables) == set(keys.TABLES)
    for name, told in tables.items():
        assert [one["AttributeName"] for one in told["KeySchema"]] == ["pk", "sk"]
        assert told["BillingMode"] == "PAY_PER_REQUEST"
        assert told["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        expires = told.get("TimeToLiveSpecification")
        wanted = {"AttributeName": "expires_at", "Enabled": True} if name in ("counters", "journal") else None
        assert expires == wanted, name
        assert bool(told.get("GlobalSecondaryIndexes")) == (name in keys.LISTED_TABLES), name
    assert tables["journal"]["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}


@pytest.mark.parametrize("table", keys.LISTED_TABLES)
def test_the_index_carries_what_the_adapters_read_from_it(whole: Templates, table: str) -> None:
    (told,) = [one for one in whole.properties("AWS::DynamoDB::Table") if one["TableName"].endswith(f"-{table}")]
    indexes = {one["IndexName"]: one for one in told["GlobalSecondaryIndexes"]}
    index = indexes.pop(keys.LISTING)
    assert set(indexes) == ({keys.DUE} if table == "secrets" else set())
    assert [one["AttributeName"] for one in index["KeySchema"]] == ["listing", "listed"]
    assert set(index["Projection"]["NonKeyAttributes"]) == set(keys.LISTED_ATTRIBUTES)


def test_what_is_due_is_found_by_its_own_index(whole: Templates) -> None:
    (told,) = [one for one in whole.properties("AWS::DynamoDB::Table") if one["TableName"].endswith("-secrets")]
    (index,) = [one for one in told["GlobalSecondaryIndexes"] if one["IndexName"] == keys.DUE]
    assert [one["AttributeName"] for one in index["KeySchema"]] == ["due", "due_at"]
    assert set(index["Projection"]["NonKeyAttributes"]) == set(keys.DUE_ATTRIBUTES)


def test_in_a_protected_stage_what_holds_data_stays(whole: Templates) -> None:
    for kind in DATA:
        for place, resource in whole.all(kind).items():
            assert resource["DeletionPolicy"] == "Retain", place
    assert all(told["DeletionProtectionEnabled"] for told in whole.properties("AWS::DynamoDB::Table"))
    assert all(told["DeletionProtection"] for told in whole.properties("AWS::RDS::DBCluster"))


def test_a_stage_for_trying_out_leaves_nothing_behind(dev: Templates) -> None:
    for kind in DATA:
        for place, resource in dev.all(kind).items():
            assert resource["DeletionPolicy"] == "Delete", place


@pytest.mark.parametrize("stage", [pytest.param(stage, id=name) for name, stage in STAGES.items()])
def test_only_the_stage_for_trying_out_is_unprotected(stage: Stage) -> None:
    assert stage.protected is (stage is not DEV)


def test_large_values_can_be_had_back_and_checkpoints_cannot_be_taken_back(whole: Templates) -> None:
    buckets = {
        told["BucketName"].partition("whole-")[2].partition("-1234")[0]: told
        for told in whole.properties("AWS::S3::Bucket")
        if "BucketName" in told
    }
    assert buckets["values"]["VersioningConfiguration"] == {"Status": "Enabled"}
    (rule,) = buckets["values"]["LifecycleConfiguration"]["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 7}
    lock = buckets["checkpoints"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert lock == {"Mode": "COMPLIANCE", "Days": 365 * PRODUCTION.checkpoint_years}


def test_three_keys_sign_and_every_other_key_rotates(whole: Templates) -> None:
    *rotated, audit, receipts, tokens = sorted(
        whole.properties("AWS::KMS::Key"), key=lambda told: told.get("KeySpec", "")
    )
    for key in rotated:
        assert (key["EnableKeyRotation"], key["RotationPeriodInDays"]) == (True, 90)
    assert (tokens["KeySpec"], tokens["KeyUsage"]) == ("ECC_NIST_P256", "SIGN_VERIFY")
    for key in (audit, receipts):
        assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY")
