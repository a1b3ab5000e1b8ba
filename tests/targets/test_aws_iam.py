"""Access keys of an IAM user, on moto, which keeps IAM's quota of two."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from llm_config.adapters.targets.aws_iam import AwsIamTarget, clients
from llm_config_domain.errors import TargetRefused, Unavailable
from tests.support.turns import AskedTurn, opened, sealed

ADMIN = {"provider": "aws", "access_key_id": "AKIATESTINGTESTING00", "secret_access_key": "canary"}
TURN = AskedTurn(target={"kind": "aws_iam", "admin": "keys/aws-admin"})
SELF = AskedTurn(target={"kind": "aws_iam"})


@pytest.fixture
def iam() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("iam", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        client.create_user(UserName="app")
        yield client


@pytest.fixture
def target() -> AwsIamTarget:
    return AwsIamTarget(lambda turn: sealed(ADMIN))


@pytest.fixture
def current(iam: Any) -> dict[str, str]:
    made = iam.create_access_key(UserName="app")["AccessKey"]
    return {"provider": "aws", "access_key_id": made["AccessKeyId"], "secret_access_key": made["SecretAccessKey"]}


def keys(iam: Any) -> list[str]:
    return [key["AccessKeyId"] for key in iam.list_access_keys(UserName="app")["AccessKeyMetadata"]]


@pytest.mark.parametrize("turn", [TURN, SELF], ids=["by an admin", "by the key itself"])
def test_both_keys_are_there_until_the_old_one_is_retired(
    target: AwsIamTarget, iam: Any, current: dict[str, str], turn: AskedTurn
) -> None:
    pending = target.create(turn, sealed({**current, "region": "eu-west-1"}))
    target.install(turn, pending)
    target.test(turn, pending)
    new = opened(pending)
    assert (new["provider"], new["region"]) == ("aws", "eu-west-1")
    assert keys(iam) == [current["access_key_id"], new["access_key_id"]]
    for _ in range(2):
        target.retire(turn, sealed(current))
    assert keys(iam) == [new["access_key_id"]]


def test_what_an_earlier_try_left_is_removed_first(target: AwsIamTarget, iam: Any, current: dict[str, str]) -> None:
    first, second = (opened(target.create(TURN, sealed(current))) for _ in range(2))
    assert first["access_key_id"] != second["access_key_id"]
    assert keys(iam) == [current["access_key_id"], second["access_key_id"]]


def test_a_second_key_that_somebody_uses_is_not_taken_away(
    target: AwsIamTarget, iam: Any, current: dict[str, str]
) -> None:
    other = iam.create_access_key(UserName="app")["AccessKey"]
    with_it = {"access_key_id": other["AccessKeyId"], "secret_access_key": other["SecretAccessKey"]}
    clients("iam", with_it).list_users()  # a use, as moto counts it
    with pytest.raises(TargetRefused, match="second key"):
        target.create(TURN, sealed(current))
    iam.update_access_key(UserName="app", AccessKeyId=other["AccessKeyId"], Status="Inactive")
    target.create(TURN, sealed(current))
    assert other["AccessKeyId"] not in keys(iam)


def test_what_is_withdrawn_is_as_if_it_had_never_been(target: AwsIamTarget, iam: Any, current: dict[str, str]) -> None:
    pending = target.create(TURN, sealed(current))
    for _ in range(2):
        target.withdraw(TURN, pending)
    assert keys(iam) == [current["access_key_id"]]


def test_it_is_told_when_a_key_was_used_last(target: AwsIamTarget, iam: Any, current: dict[str, str]) -> None:
    assert target.last_used(TURN, sealed(current)) is None
    clients("iam", current).list_users()
    seen = target.last_used(TURN, sealed(current))
    assert seen is not None and seen.endswith("Z")


def test_a_key_of_nobody_is_refused(target: AwsIamTarget, iam: Any) -> None:
    stranger = {"access_key_id": "AKIANOBODYNOBODY0000", "secret_access_key": "canary"}
    with pytest.raises(TargetRefused) as refused:
        target.create(TURN, sealed(stranger))
    assert "canary" not in str(refused.value)


def test_credentials_of_another_shape_are_refused(target: AwsIamTarget) -> None:
    with pytest.raises(TargetRefused):
        target.create(TURN, sealed({"provider": "gcp"}))


def failing(code: str) -> Any:
    from botocore.exceptions import ClientError

    class Client:
        def get_caller_identity(self) -> None:
            raise ClientError({"Error": {"Code": code, "Message": "canary"}}, "GetCallerIdentity")

    return AwsIamTarget(lambda turn: sealed(ADMIN), lambda service, credential: Client())


@pytest.mark.parametrize(
    ("code", "kind"), [("InvalidClientTokenId", Unavailable), ("SignatureDoesNotMatch", TargetRefused)]
)
def test_a_new_key_may_not_be_known_everywhere_yet(code: str, kind: type[Exception]) -> None:
    with pytest.raises(kind) as refused:
        failing(code).test(TURN, sealed(ADMIN))
    assert "canary" not in repr((str(refused.value), refused.value.__cause__))
