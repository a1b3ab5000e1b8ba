"""ports/large_values.py, promise by promise: a port between stores of the AWS family, so it has no embedded adapter."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from llm_config_domain.errors import Broken
from llm_config_domain.names import TenantId
from tests.support.aws import BUCKET, AwsKit, on_aws

ACME, GLOBEX = TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAV"), TenantId("01ARZ3NDEKTSV4RRFFQ69G5FAW")


@pytest.fixture
def kit(tmp_path: Path) -> Iterator[AwsKit]:
    with on_aws(tmp_path) as kit:
        yield kit


def test_a_reference_is_the_contents_sha256_and_again_the_same(kit: AwsKit) -> None:
    values = kit.provide("large_values")
    assert {values.put(ACME, b"large") for _ in range(2)} == {hashlib.sha256(b"large").hexdigest()}
    assert values.get(ACME, values.put(ACME, b"large")) == b"large"


def test_a_tenants_reference_is_worth_nothing_to_another(kit: AwsKit) -> None:
    reference = kit.provide("large_values").put(ACME, b"large")
    with pytest.raises(Broken):
        kit.provide("large_values").get(GLOBEX, reference)


def test_a_changed_object_is_not_released(kit: AwsKit) -> None:
    reference = kit.provide("large_values").put(ACME, b"large")
    kit.account.client("s3").put_object(Bucket=BUCKET, Key=f"{ACME}/{reference}", Body=b"lerge")
    with pytest.raises(Broken):
        kit.provide("large_values").get(ACME, reference)


def test_what_was_deleted_is_gone_in_every_version_that_the_bucket_kept(kit: AwsKit) -> None:
    values, s3 = kit.provide("large_values"), kit.account.client("s3")
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    reference, other = values.put(ACME, b"large"), values.put(GLOBEX, b"large")
    values.put(ACME, b"large")
    s3.delete_object(
        Bucket=BUCKET, Key=f"{ACME}/{reference}"
    )  # as a person might have done: it hides, and erases nothing
    values.delete(ACME, reference)
    left = s3.list_object_versions(Bucket=BUCKET)
    assert [version["Key"] for version in left["Versions"]] == [f"{GLOBEX}/{other}"]
    assert "DeleteMarkers" not in left


def test_what_was_deleted_is_gone_and_again_is_the_same(kit: AwsKit) -> None:
    values = kit.provide("large_values")
    reference, other = values.put(ACME, b"large"), values.put(GLOBEX, b"large")
    for _ in range(2):
        values.delete(ACME, reference)
    with pytest.raises(Broken):
        values.get(ACME, reference)
    assert values.get(GLOBEX, other) == b"large"
