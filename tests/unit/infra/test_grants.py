"""The permissions themselves, without CDK and node: complete by the ports, and never more than a port's."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

import llm_config
from llm_config.adapters.kms import tenant_keys
from llm_config.operations.catalog import OPERATIONS, TASKS
from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.operations.needs import CREDENTIAL, DOOR, LINE, OWN_TENANT, RECEIPT, needs_of
from llm_config.operations.operation import Row, Trigger
from llm_config_cdk.grants import GRANTS, TENANT_TAG, Grant
from llm_config_cdk.places import Place
from llm_config_cdk.policies import grants_of, key_roles, merged, role_path, statements
from llm_config_cdk.service_grants import INSIDE, failed, of_trigger

HOUSE = Path(str(llm_config.__file__)).parent
PLACE = Place(
    "llm-config-dev",
    "123456789012",
    "eu-central-1",
    token_key_arn="arn:aws:kms:eu-central-1:123456789012:key/t",
    audit_key_arn="arn:aws:kms:eu-central-1:123456789012:key/a",
    receipt_key_arn="arn:aws:kms:eu-central-1:123456789012:key/r",
    watch_api="w1",
)
ROWS: tuple[Row, ...] = (*OPERATIONS, *TASKS)
BY_NAME = {row.name: row for row in ROWS}
NOBODYS_RESOURCE = {*INSIDE.actions, "kms:CreateKey", "xray:PutTelemetryRecords", "xray:PutTraceSegments"}


def role_of(operation: Row) -> str:
    return f"arn:aws:iam::{PLACE.account}:role{role_path(operation, PLACE)}llm-config-1A2B"


def without_a_row(operations: tuple[Row, ...]) -> list[str]:
    return sorted(f"{one.name} needs {need}" for one in operations for need in needs_of(one) if need not in GRANTS)


def test_every_need_of_the_catalog_has_a_row() -> None:
    assert not without_a_row(ROWS)


def test_every_port_has_a_row_even_if_it_needs_nothing() -> None:
    ports = {path.stem for path in (HOUSE / "ports").glob("*.py")} - {"__init__"}
    assert not ports - GRANTS.keys()


def test_a_port_without_a_row_is_named_with_its_operation() -> None:
    def run(request: Any, context: Any, *, config_reader: Any, telepathy: Any) -> Any: ...

    unheard = replace(BY_NAME["get_config"], name="guess_config", run=run)
    assert without_a_row((unheard,)) == ["guess_config needs telepathy"]
    with pytest.raises(KeyError, match="telepathy"):
        statements(unheard, PLACE)


def provided(*modules: str) -> Iterator[str]:
    """What the source asks `provide` for: a port, or the one method that it calls on it at once."""
    for module in modules:
        text = (HOUSE / f"{module}.py").read_text()
        for port, method in re.findall(r'\bprovide\("(\w+)"\)(?:\.(\w+))?', text):
            yield f"{port}.{method}" if f"{port}.{method}" in GRANTS else port


@pytest.mark.parametrize(
    ("modules", "needs"),
    [
        pytest.param(("runtime/authenticate", "runtime/endpoint"), CREDENTIAL, id="who asks"),
        pytest.param(("runtime/observability",), LINE, id="the line of a request"),
        pytest.param(("operations/perform",), DOOR | OWN_TENANT | RECEIPT, id="the door"),
    ],
)
def test_the_ports_beside_the_signature_are_those_that_the_source_asks_for(
    modules: tuple[str, ...], needs: frozenset[str]
) -> None:
    assert set(provided(*modules)) == needs


@pytest.mark.parametrize("operation", ROWS, ids=lambda operation: operation.name)
def test_no_action_is_a_pattern_and_none_stands_on_everything_that_could_name_a_thing(operation: Row) -> None:
    for grant in grants_of(operation):
        assert not [action for action in grant.actions if "*" in action], operation.name
        if "no-resource" in grant.resources:
            assert set(grant.actions) <= NOBODYS_RESOURCE, operation.name


def test_receipts_are_signed_by_whom_callers_ask_where_there_is_a_key_for_them() -> None:
    told = json.dumps(statements(BY_NAME["get_secret"], PLACE))
    assert "key/r" in told and "key/a" not in told
    assert "kms:Sign" not in json.dumps(statements(BY_NAME["get_secret"], replace(PLACE, receipt_key_arn="")))
    assert "key/r" not in json.dumps(statements(BY_NAME["append_audit"], PLACE))


def test_every_resource_of_a_row_has_an_arn_of_this_deployment() -> None:
    for grants in GRANTS.values():
        for name in {name for grant in grants for name in grant.resources} - {"no-resource"}:
            arn = PLACE.arn(name)
            assert arn.startswith("arn:aws:") and "123456789012" in arn, name


def test_a_deployment_can_touch_no_table_of_another() -> None:
    for operation in ROWS:
        text = json.dumps(statements(operation, PLACE))
        assert text.count(":table/") == text.count(":table/llm-config-dev-"), operation.name


def test_what_is_granted_twice_is_said_once() -> None:
    twice = (Grant(("a:Get",), ("table/x", "table/y")), Grant(("a:Put", "a:Get"), ("table/x",)))
    assert merged(twice) == (Grant(("a:Get", "a:Put"), ("table/x",)), Grant(("a:Get",), ("table/y",)))


def test_the_same_actions_under_other_conditions_stay_apart() -> None:
    bound = Grant(("a:Get",), ("table/x",), {"Null": {"a:b": "true"}})
    assert merged((Grant(("a:Get",), ("table/x",)), bound)) == (Grant(("a:Get",), ("table/x",)), bound)


def test_the_grants_are_read_without_the_cdk_and_without_boto3() -> None:
    loads = "import sys, llm_config_cdk.policies; print({'aws_cdk', 'boto3', 'botocore', 'jsii'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", loads], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_an_operation_that_neither_seals_nor_unseals_stands_on_no_path_of_keys() -> None:
    paths = {operation.name: role_path(operation, PLACE) for operation in ROWS}
    assert paths["put_secret"] == "/llm-config-dev/seals/"
    assert paths["get_secret"] == "/llm-config-dev/unseals/"
    assert paths["put_config"] == "/llm-config-dev/"


def test_a_tenants_key_knows_who_seals_and_who_unseals_by_the_path_of_their_roles() -> None:
    seals, unseals = key_roles(PLACE)
    for operation in ROWS:
        needs, role = needs_of(operation), role_of(operation)
        assert any(fnmatchcase(role, pattern) for pattern in seals) == ("sealer" in needs), operation.name
        assert any(fnmatchcase(role, pattern) for pattern in unseals) == ("unsealer" in needs), operation.name


def test_one_that_does_both_is_known_for_both() -> None:
    both = role_of(BY_NAME["move_secret"])
    assert "/seals/unseals/" in both
    assert all(any(fnmatchcase(both, pattern) for pattern in patterns) for patterns in key_roles(PLACE))


def test_a_role_of_another_deployment_is_known_for_nothing() -> None:
    other = role_of(BY_NAME["put_secret"]).replace("llm-config-dev", "llm-config-dev2")
    assert not [pattern for patterns in key_roles(PLACE) for pattern in patterns if fnmatchcase(other, pattern)]


@pytest.mark.parametrize(
    ("trigger", "allowed"),
    [
        (Trigger.STEP, set()),
        (
            Trigger.STREAM,
            {
                ("dynamodb:DescribeStream", "stream/journal"),
                ("dynamodb:GetRecords", "stream/journal"),
                ("dynamodb:GetShardIterator", "stream/journal"),
                ("dynamodb:ListStreams", "stream/journal"),
                ("sqs:SendMessage", "queue/publish_changes-failed"),
            },
        ),
        (
            Trigger.QUEUE,
            {
                ("sqs:DeleteMessage", "queue/publish_changes"),
                ("sqs:GetQueueAttributes", "queue/publish_changes"),
                ("sqs:ReceiveMessage", "queue/publish_changes"),
            },
        ),
        (
            Trigger.LOGS,
            {
                ("sqs:DeleteMessage", "queue/publish_changes"),
                ("sqs:GetQueueAttributes", "queue/publish_changes"),
                ("sqs:ReceiveMessage", "queue/publish_changes"),
                ("sqs:SendMessage", "queue/publish_changes"),
            },
        ),
        (Trigger.SOCKET, set()),
        (
            Trigger.SCHEDULE,
            {
                ("sqs:DeleteMessage", "queue/publish_changes"),
                ("sqs:GetQueueAttributes", "queue/publish_changes"),
                ("sqs:ReceiveMessage", "queue/publish_changes"),
            },
        ),
        (
            Trigger.UPKEEP,
            {
                ("sqs:DeleteMessage", "queue/days"),
                ("sqs:GetQueueAttributes", "queue/days"),
                ("sqs:ReceiveMessage", "queue/days"),
            },
        ),
    ],
)
def test_a_task_may_take_from_its_own_source_and_put_aside_what_failed(
    trigger: Trigger, allowed: set[tuple[str, str]]
) -> None:
    task = replace(PUBLISH_CHANGES, trigger=trigger)
    held = {(action, name) for grant in of_trigger(task) for action in grant.actions for name in grant.resources}
    assert held == allowed
    assert of_trigger(BY_NAME["put_config"]) == ()


@pytest.mark.parametrize(
    ("task", "queue"), [("deliver_changes", "changes"), ("push_changes", "watched"), ("project_names", "named")]
)
def test_each_who_tells_of_changes_takes_from_a_queue_of_its_own(task: str, queue: str) -> None:
    (held,) = of_trigger(BY_NAME[task])
    assert held.resources == (f"queue/{queue}",)
    assert set(held.actions) == {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"}


def test_only_the_connections_of_this_deployments_own_api_may_be_posted_to() -> None:
    (told,) = [one for one in statements(BY_NAME["push_changes"], PLACE) if "execute-api" in json.dumps(one)]
    assert told["Action"] == ["execute-api:ManageConnections"]
    assert told["Resource"] == ["arn:aws:execute-api:eu-central-1:123456789012:w1/v1/*/@connections/*"]
    assert not [
        row.name
        for row in ROWS
        if "watcher_lines" not in row.ports and "execute-api" in json.dumps(statements(row, PLACE))
    ]


def test_who_publishes_may_put_events_into_the_one_bus_and_reads_no_table_but_its_marks() -> None:
    told = [one for one in statements(PUBLISH_CHANGES, PLACE) if "events:PutEvents" in one["Action"]]
    assert [one["Resource"] for one in told] == [["arn:aws:events:eu-central-1:123456789012:event-bus/llm-config-dev"]]
    resources = json.dumps(statements(PUBLISH_CHANGES, PLACE))
    assert resources.count("/stream/") == 1
    tables = [
        one
        for one in statements(PUBLISH_CHANGES, PLACE)
        if ":table/" in json.dumps(one) and "stream" not in json.dumps(one)
    ]
    assert [one["Resource"][0].rpartition("/")[2] for one in tables] == ["llm-config-dev-counters"]
    assert tables[0]["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["T#*#M"]}}
    assert f":{PLACE.queue(failed('publish_changes'))}" in resources


def test_who_searches_and_who_keeps_the_names_log_in_as_roles_of_their_own_and_open_nothing() -> None:
    told = {
        name: json.dumps(statements(BY_NAME[name], PLACE)) for name in ("search_names", "project_names", "sweep_names")
    }
    users = {name: sorted(re.findall(r"dbuser:\*/(\w+)", text)) for name, text in told.items()}
    assert users == {
        "search_names": ["llm_config_search"],
        "project_names": ["llm_config_names"],
        "sweep_names": ["llm_config_names"],
    }
    assert "kms:Decrypt" not in str(told) and "s3:" not in str(told)
    assert "-configs" not in told["search_names"] and "-secrets" not in told["search_names"]


def test_who_keeps_the_names_reads_of_heads_what_listings_show_and_no_value() -> None:
    tables = [
        f"arn:aws:dynamodb:eu-central-1:123456789012:table/llm-config-dev-{kind}" for kind in ("configs", "secrets")
    ]
    readers = [one for one in statements(BY_NAME["sweep_names"], PLACE) if set(one["Resource"]) & set(tables)]
    assert len(readers) == 2
    for one in readers:
        assert one["Action"] == ["dynamodb:BatchGetItem"]
        attributes = one["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
        assert {"pk", "sk", "record"} <= set(attributes) and not {"value", "reference"} & set(attributes)
        assert one["Condition"]["StringEqualsIfExists"] == {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}


def test_the_maker_of_keys_and_the_grants_call_the_tag_the_same() -> None:
    assert tenant_keys.TENANT_TAG == TENANT_TAG
