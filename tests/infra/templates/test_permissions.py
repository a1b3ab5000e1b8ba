"""Who may do what, as the synthesised templates say it: each role exactly its ports' statements, and no more anywhere."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from llm_config.adapters.kms.key_policy import ADMINISTERING
from llm_config.operations.catalog import OPERATIONS, TASKS
from llm_config.operations.operation import Row
from llm_config_cdk import policies
from llm_config_cdk.deployed_rows import ROWS, rows_of
from llm_config_cdk.grants import GRANTS, Grant
from llm_config_cdk.policies import key_roles, role_path, statements
from llm_config_cdk.service_grants import DELIVERING_A_LOG, INSIDE, KEEPING_LOGS, KEY_ADMINISTRATION, SAMPLING
from llm_config_cdk.stages import DEV
from tests.support.templates import WATCH_API, Templates, listed

Grants = Mapping[str, tuple[Grant, ...]]
EVERY = [pytest.param(row, id=row.name) for row in ROWS]
CONTROL_WRITERS = {"access", "caches", "namespaces", "subscriptions", "tenants"}
NO_RESOURCE = {
    *("xray:PutTraceSegments", "xray:PutTelemetryRecords", "kms:CreateKey"),
    *(*INSIDE.actions, *SAMPLING, *DELIVERING_A_LOG, *KEEPING_LOGS.actions),
}
"""Actions that IAM knows no resource for."""


ALONE = {
    ("T#*#A#*",),
    ("NAME#*",),
    ("T#*#U#*",),
    ("T#*#M",),
    ("T#*#M", "SWEEPS"),
    ("T#*#W",),
    ("T#*#K", "CONNECTION#*", "WATCHING"),
}
"""Rows that no change rides with: the record of an access, the attempt to take a tenant's name, the count of what a
service reports of its use, how far a consumer has followed the journal, how
deliveries go, who watches over which connection."""


def normal(statement: Mapping[str, Any]) -> str:
    told = {**statement, "Action": sorted(listed(statement["Action"])), "Resource": listed(statement["Resource"])}
    for keys in (conditions := json.loads(json.dumps(told.get("Condition", {})))).values():
        for key, value in keys.items():
            keys[key] = listed(value)
    return json.dumps({**told, "Condition": conditions}, sort_keys=True)


def differences(templates: Templates, grants: Grants, deployed: Sequence[Row] = ROWS) -> list[str]:
    """The functions whose role is not what the grants say, with what is too much and what is missing."""
    found = []
    for operation in deployed:
        held = {normal(statement) for statement in templates.statements_of(operation.name)}
        due = {normal(statement) for statement in statements(operation, templates.place, grants)}
        if held != due:
            found.append(f"{operation.name}: too much {sorted(held - due)}, missing {sorted(due - held)}")
    return found


def test_each_role_holds_its_ports_statements_and_no_others(dev: Templates, whole: Templates) -> None:
    assert not differences(whole, GRANTS)
    assert not differences(dev, GRANTS, rows_of(DEV))


def test_no_role_of_a_function_has_a_policy_beside_that(whole: Templates) -> None:
    for operation in ROWS:
        role = whole.role_of(operation.name)
        assert "ManagedPolicyArns" not in role, operation.name
        assert [policy["PolicyName"] for policy in role["Policies"]] == ["ports"], operation.name
    loose = [place for kind in ("Policy", "ManagedPolicy") for place in whole.all(f"AWS::IAM::{kind}")]
    assert not [place for place in loose if place.startswith("functions-")]


def test_no_two_functions_share_a_role(whole: Templates) -> None:
    roles = [told["Role"] for told in whole.functions().values()]
    assert len(set(roles)) == len(roles) == len(ROWS)


def test_a_statement_that_is_taken_away_is_missed_by_the_name_of_the_function(whole: Templates) -> None:
    edited = {**GRANTS, "token_signer": ()}
    (found,) = differences(whole, edited)
    assert found.startswith("create_service_token: too much") and "kms:Sign" in found


def test_a_statement_that_is_added_is_missed_by_the_name_of_the_function(whole: Templates) -> None:
    edited = {**GRANTS, "schema_checker": (Grant(("dynamodb:PutItem",), ("no-resource",)),)}
    (found,) = differences(whole, edited)
    assert found.startswith("validate_config:") and "dynamodb:PutItem" in found


def test_nothing_is_granted_on_everything(whole: Templates) -> None:
    loose = {
        (place, action)
        for place, statement in whole.identity_statements()
        if "*" in listed(statement["Resource"])
        for action in listed(statement["Action"])
    }
    assert {action for _, action in loose} <= NO_RESOURCE, loose


def test_no_action_is_a_pattern_and_nothing_scans_deletes_or_updates_rows(whole: Templates) -> None:
    held = {(place, action) for place, one in whole.identity_statements() for action in listed(one["Action"])}
    wrong = {
        (place, action)
        for place, action in held
        if "*" in action or action.endswith((":Scan", ":DeleteItem", ":UpdateItem", ":BatchWriteItem"))
    }
    assert not wrong


def test_no_role_passes_or_takes_another(whole: Templates) -> None:
    actions = {action for _, one in whole.identity_statements() for action in listed(one["Action"])}
    assert not {action for action in actions if action.startswith(("iam:", "sts:"))}


def test_only_access_tenant_namespace_and_subscription_operations_write_the_control_table(whole: Templates) -> None:
    control = whole.place.arn("table/control")
    writers = {
        operation.area
        for operation in ROWS
        for statement in whole.statements_of(operation.name)
        if control in listed(statement["Resource"]) and "dynamodb:PutItem" in listed(statement["Action"])
    }
    assert writers == CONTROL_WRITERS


@pytest.mark.parametrize("operation", EVERY)
def test_rows_are_written_in_transactions_only_but_for_accesses_and_attempts(whole: Templates, operation: Row) -> None:
    for statement in whole.statements_of(operation.name):
        if "dynamodb:PutItem" not in listed(statement["Action"]):
            continue
        condition = statement["Condition"]
        partitions = listed(condition["ForAllValues:StringLike"]["dynamodb:LeadingKeys"])
        in_transactions = "dynamodb:EnclosingOperation" in condition.get("ForAnyValue:StringEquals", {})
        assert in_transactions or tuple(partitions) in ALONE, f"{operation.name} may put {partitions} by itself"


def test_only_functions_may_take_a_functions_role(whole: Templates) -> None:
    for operation in ROWS:
        (trust,) = whole.role_of(operation.name)["AssumeRolePolicyDocument"]["Statement"]
        assert (trust["Principal"], trust["Action"]) == ({"Service": "lambda.amazonaws.com"}, "sts:AssumeRole")


def test_who_seals_and_who_unseals_is_said_by_the_path_of_a_role(whole: Templates) -> None:
    for operation in ROWS:
        path = whole.role_of(operation.name)["Path"]
        assert path == role_path(operation, whole.place), operation.name
        actions = {action for one in whole.statements_of(operation.name) for action in listed(one["Action"])}
        assert ("/seals/" in path) == ("kms:GenerateDataKey" in actions), operation.name
        assert ("/unseals/" in path) == ("kms:Decrypt" in actions), operation.name


def test_who_may_change_a_tenants_key_may_nothing_else(whole: Templates) -> None:
    (role,) = [
        told for told in whole.properties("AWS::IAM::Role") if told.get("RoleName") == whole.place.key_administrator
    ]
    assert "ManagedPolicyArns" not in role and role["Path"] == "/llm-config-whole/"
    (policy,) = role["Policies"]
    (held,) = policy["PolicyDocument"]["Statement"]
    assert normal(held) == normal(policies.statement(KEY_ADMINISTRATION, whole.place))
    assert set(held["Action"]) <= set(ADMINISTERING)


def test_a_shared_key_is_for_values_of_some_tenant_and_for_who_seals_and_unseals(whole: Templates) -> None:
    (shared,) = [told for name, told in whole.all("AWS::KMS::Key").items() if name.startswith("keys/shared")]
    denied = [one for one in shared["Properties"]["KeyPolicy"]["Statement"] if one["Effect"] == "Deny"]
    seals, unseals = key_roles(whole.place)
    assert [one["Condition"] for one in denied] == [
        {"ArnNotLike": {"aws:PrincipalArn": seals}},
        {"ArnNotLike": {"aws:PrincipalArn": unseals}},
        {"Null": {"kms:EncryptionContext:tenant": "true"}},
    ]


def test_only_these_apis_may_call_a_function_and_only_by_its_alias(whole: Templates) -> None:
    """And the logs one of them, which tests/infra/templates/test_reads.py looks at."""
    logs = "logs.amazonaws.com"
    allowed = [told for told in whole.properties("AWS::Lambda::Permission") if told["Principal"] != logs]
    sources = {told["FunctionName"]: told["SourceArn"] for told in allowed}
    api, watch_api = whole.place.regional("execute-api", "<api>/*"), whole.place.regional("execute-api", WATCH_API)
    opened = {whole.place.live(task.name): f"{watch_api}/*/{task.route}" for task in TASKS if task.route}
    assert sources == {whole.place.live(operation.name): api for operation in OPERATIONS} | opened
    for told in allowed:
        assert told["Principal"] == "apigateway.amazonaws.com"
        assert told["SourceAccount"] == whole.place.account


def test_what_others_may_do_to_buckets_queues_and_topics_is_bounded(whole: Templates) -> None:
    """A resource policy allows a service of AWS, for a source that is named, or it forbids."""
    kinds = ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy")
    found = [
        statement
        for kind in kinds
        for told in whole.properties(kind)
        for statement in told["PolicyDocument"]["Statement"]
    ]
    assert found
    for statement in found:
        if statement["Effect"] == "Allow":
            assert set(statement["Principal"]) == {"Service"}, statement
            assert "Condition" in statement, statement


def test_every_bucket_queue_and_topic_refuses_what_is_not_encrypted_on_its_way(whole: Templates) -> None:
    kinds = {"AWS::S3::Bucket": "BucketPolicy", "AWS::SQS::Queue": "QueuePolicy", "AWS::SNS::Topic": "TopicPolicy"}
    for kind, policy in kinds.items():
        refusing = [
            told
            for told in whole.properties(f"{kind.rpartition('::')[0]}::{policy}")
            if any(
                "aws:SecureTransport" in json.dumps(one.get("Condition", {}))
                for one in told["PolicyDocument"]["Statement"]
            )
        ]
        assert len(refusing) == len(whole.all(kind)), kind
