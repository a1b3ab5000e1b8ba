"""Each row of the catalog is a function of its own, told what its adapters read and nothing else."""

import json

import pytest

from llm_config.operations.catalog import OPERATIONS, TASKS
from llm_config.operations.operation import Operation, Row, Task, Trigger
from llm_config.runtime.settings import settings
from llm_config_cdk.deployed_rows import ROWS
from llm_config_cdk.policies import key_roles
from llm_config_cdk.reach import asks_the_audit
from llm_config_cdk.stages import PRODUCTION
from tests.support.templates import Templates

EVERY = [pytest.param(operation, id=operation.name) for operation in OPERATIONS]


@pytest.mark.parametrize("operation", [pytest.param(row, id=row.name) for row in ROWS])
def test_an_operation_or_task_is_a_function_as_its_row_says(whole: Templates, operation: Row) -> None:
    told = whole.functions()[operation.name]
    assert (told["Runtime"], told["Architectures"]) == ("python3.13", ["arm64"])
    assert (told["Handler"], len(told["Layers"])) == ("handler.lambda_handler", 3 if asks_the_audit(operation) else 2)
    assert told["Timeout"] < 30 or operation in TASKS
    logs = {one["LogGroupName"]: one for one in whole.properties("AWS::Logs::LogGroup") if "LogGroupName" in one}
    assert logs[f"/aws/lambda/{told['FunctionName']}"]["RetentionInDays"] == PRODUCTION.log_days
    alarms = {one["AlarmName"]: one for one in whole.properties("AWS::CloudWatch::Alarm")}
    waits = isinstance(operation, Task) and operation.trigger is Trigger.LOGS
    for words in ("errors", "behind" if waits else "throttles", "slow"):
        assert alarms[f"{told['FunctionName']}-{words}"]["AlarmActions"]


def test_who_waits_because_it_is_asked_to_is_not_slow(whole: Templates) -> None:
    alarms = whole.properties("AWS::CloudWatch::Alarm")
    slow = {one["AlarmName"]: one["Threshold"] for one in alarms if one["AlarmName"].endswith("-slow")}
    names = {row.name: told["FunctionName"] for row in ROWS for told in [whole.functions()[row.name]]}
    assert {row for row, name in names.items() if slow[f"{name}-slow"] > 20_000} == {"list_changes"}


def test_there_is_one_function_a_row_and_each_has_one_alias_that_is_live(whole: Templates) -> None:
    assert whole.functions().keys() == {row.name for row in ROWS}
    aliases = whole.properties("AWS::Lambda::Alias")
    assert {alias["Name"] for alias in aliases} == {"live"}
    assert len({alias["FunctionName"] for alias in aliases}) == len(ROWS)


def test_every_row_of_the_catalog_is_a_route_to_its_own_function(whole: Templates) -> None:
    integrations = {
        name.partition("/")[2]: told["Properties"]["IntegrationUri"]
        for name, told in whole.all("AWS::ApiGatewayV2::Integration").items()
    }
    routes = {
        route["RouteKey"]: integrations[route["Target"].removeprefix("integrations/").strip("<>")]
        for route in whole.properties("AWS::ApiGatewayV2::Route")
    }
    opened = {task.route: whole.place.live(task.name) for task in TASKS if task.trigger is Trigger.SOCKET}
    assert set(opened) == {"$connect", "$default", "$disconnect"}
    sockets = {
        route: f"arn:aws:apigateway:{whole.place.region}:lambda:path/2015-03-31/functions/{live}/invocations"
        for route, live in opened.items()
    }
    assert routes == {f"{row.method} {row.path}": whole.place.live(row.name) for row in OPERATIONS} | sockets


@pytest.mark.parametrize("operation", EVERY)
def test_a_path_is_one_that_the_gateway_can_route(operation: Operation) -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html: what takes more than one
    segment stands at the end."""
    greedy = operation.path.find("+}")
    assert greedy in (-1, len(operation.path) - 2)


def test_a_function_is_told_all_that_the_runtime_reads(whole: Templates, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in whole.environment("create_tenant").items():
        monkeypatch.setenv(name, value)
    told = settings.__wrapped__()
    assert told.table_prefix == "llm-config-whole-"
    assert told.bucket == whole.place.values_bucket
    assert told.token_issuer == "https://origin.config.example"
    assert json.loads(told.issuers) == {
        "https://login.example": "https://login.example/keys",
        told.token_issuer: "kms:<token key>",
    }
    assert (told.key_aliases, told.key_rotation_days) == ("alias/llm-config-whole/tenants/", 90)
    assert (list(told.sealing_roles), list(told.unsealing_roles)) == key_roles(whole.place)
    assert told.key_administrators == (whole.place.role("llm-config-whole-key-administrator"),)
    assert (told.shared_key, told.shared_key_tiers) == ("<shared key>", ("free",))


def test_only_who_makes_tenants_keys_is_told_how(whole: Templates) -> None:
    told = {name for name in whole.functions() if "LLM_CONFIG_SEALING_ROLES" in whole.environment(name)}
    assert told == {operation.name for operation in OPERATIONS if "tenant_keys" in operation.ports}


def test_only_who_publishes_is_told_the_bus(whole: Templates) -> None:
    told = {name: whole.environment(name).get("LLM_CONFIG_EVENT_BUS") for name in whole.functions()}
    buses = [bus["Name"] for bus in whole.properties("AWS::Events::EventBus")]
    assert {name: bus for name, bus in told.items() if bus} == dict.fromkeys(
        ("publish_changes", "sweep_journal"), buses[0]
    )


def test_no_function_is_told_a_secret(whole: Templates) -> None:
    """What a function is told, anybody may see who may see the function."""
    names = {name for operation in ROWS for name in whole.environment(operation.name)}
    assert {name for name in names if not name.startswith("LLM_CONFIG_")} == {"OTEL_EXPORTER_OTLP_ENDPOINT"}
    assert not {name for name in names if any(word in name for word in ("SECRET", "PASSWORD", "CREDENTIAL", "PRIVATE"))}


def test_functions_reserve_what_the_stage_says(whole: Templates) -> None:
    reserved = {name: told.get("ReservedConcurrentExecutions") for name, told in whole.functions().items()}
    assert {name: count for name, count in reserved.items() if count} == {"get_config": 100}
