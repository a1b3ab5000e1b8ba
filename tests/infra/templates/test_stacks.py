"""What is deployed: complete by the catalog, laid out as the adapters want it, and hard to lose."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from llm_config.adapters.dynamodb import keys
from llm_config.adapters.log_stream import metrics
from llm_config.operations.catalog import OPERATIONS, TASKS
from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.operations.operation import Operation, Row, Task, Trigger
from llm_config.runtime.settings import settings
from llm_config_cdk.policies import key_roles
from llm_config_cdk.reach import asks_a_target, asks_the_audit, stands_inside
from llm_config_cdk.stages import DEV, PRODUCTION, STAGES, Stage
from llm_config_domain.events import SOURCE
from tests.support.templates import WATCH_API, Templates, resolved

EVERY = [pytest.param(operation, id=operation.name) for operation in OPERATIONS]
ROWS: tuple[Row, ...] = (*OPERATIONS, *TASKS)
BELOW = 400
ONE_DAY = 80
"""Operations that the product will have, one day."""
DATA = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::KMS::Key")


def environment(templates: Templates, operation: str) -> dict[str, str]:
    told: dict[str, str] = templates.functions()[operation]["Environment"]["Variables"]
    return told


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
    for name, value in environment(whole, "create_tenant").items():
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
    told = {name for name in whole.functions() if "LLM_CONFIG_SEALING_ROLES" in environment(whole, name)}
    assert told == {operation.name for operation in OPERATIONS if "tenant_keys" in operation.ports}


def test_only_who_publishes_is_told_the_bus(whole: Templates) -> None:
    told = {name: environment(whole, name).get("LLM_CONFIG_EVENT_BUS") for name in whole.functions()}
    buses = [bus["Name"] for bus in whole.properties("AWS::Events::EventBus")]
    assert {name: bus for name, bus in told.items() if bus} == dict.fromkeys(
        ("publish_changes", "sweep_journal"), buses[0]
    )


def test_no_function_is_told_a_secret(whole: Templates) -> None:
    """What a function is told, anybody may see who may see the function."""
    names = {name for operation in ROWS for name in environment(whole, operation.name)}
    assert {name for name in names if not name.startswith("LLM_CONFIG_")} == {"OTEL_EXPORTER_OTLP_ENDPOINT"}
    assert not {name for name in names if any(word in name for word in ("SECRET", "PASSWORD", "CREDENTIAL", "PRIVATE"))}


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


def test_with_a_name_of_its_own_the_api_has_no_other(dev: Templates, whole: Templates) -> None:
    (plain,), (named,) = (
        [told for told in templates.properties("AWS::ApiGatewayV2::Api") if told["ProtocolType"] == "HTTP"]
        for templates in (dev, whole)
    )
    assert (plain["DisableExecuteApiEndpoint"], named["DisableExecuteApiEndpoint"]) == (False, True)
    domains = {told["DomainName"]: told for told in whole.properties("AWS::ApiGatewayV2::DomainName")}
    for name, trust in (("origin.config.example", "edge"), ("mutual.config.example", "clients")):
        assert domains[name]["MutualTlsAuthentication"] == {"TruststoreUri": f"s3://trust/{trust}.pem"}


def test_the_api_is_throttled_and_its_log_holds_no_names_of_tenants(whole: Templates) -> None:
    for served in whole.properties("AWS::ApiGatewayV2::Stage"):
        limits = served["DefaultRouteSettings"]
        assert (limits["ThrottlingRateLimit"], limits["ThrottlingBurstLimit"]) == (2000, 4000)
        line = json.loads(served["AccessLogSettings"]["Format"])
        assert not {"$context.path", "$context.http.path"} & set(line.values())
    assert [told["StageName"] for told in whole.properties("AWS::ApiGatewayV2::Stage")] == ["$default", "v1"]


def test_watching_has_an_address_and_only_who_tells_is_told_it(assembly: Path, whole: Templates) -> None:
    apis = {told["ProtocolType"] for told in whole.properties("AWS::ApiGatewayV2::Api")}
    assert apis == {"HTTP", "WEBSOCKET"}
    address = f"{WATCH_API}.execute-api.{whole.place.region}.amazonaws.com/v1"
    template = json.loads((assembly / "llm-config-whole-watch.template.json").read_text())
    assert resolved(template["Outputs"]["url"]["Value"]) == f"wss://{address}"
    told = {name: environment(whole, name).get("LLM_CONFIG_WATCH_ENDPOINT") for name in whole.functions()}
    telling = ("push_changes", "push_heartbeats", "subscribe_watch")
    assert {name: url for name, url in told.items() if url} == dict.fromkeys(telling, f"https://{address}")


def test_the_logs_of_websockets_are_written_by_a_role_that_stays(whole: Templates) -> None:
    ((_, account),) = whole.all("AWS::ApiGateway::Account").items()
    role = whole.stacks["watch"][account["Properties"]["CloudWatchRoleArn"].strip("<>").removesuffix(".Arn")]
    assert account["DeletionPolicy"] == role["DeletionPolicy"] == "Retain"
    ((_, served),) = [one for one in whole.all("AWS::ApiGatewayV2::Stage").items() if one[0].startswith("watch/")]
    assert "account" in served["DependsOn"]


def test_the_edge_stands_where_firewalls_of_cloudfront_are_and_shows_its_certificate(
    assembly: Path, whole: Templates
) -> None:
    manifest = json.loads((assembly / "manifest.json").read_text())
    assert manifest["artifacts"]["llm-config-whole-edge"]["environment"].endswith("/us-east-1")
    (distribution,) = whole.properties("AWS::CloudFront::Distribution")
    (origin,) = distribution["DistributionConfig"]["Origins"]
    assert origin["DomainName"] == "origin.config.example"
    assert origin["CustomOriginConfig"]["OriginMtlsConfig"]["ClientCertificateArn"].endswith("/d")


def test_what_stands_in_the_network_has_no_way_out_but_who_asks_witnesses(whole: Templates) -> None:
    assert len(whole.properties("AWS::EC2::NatGateway")) == 1
    outward = {name: told for name, told in whole.functions().items() if "outward" in str(told.get("VpcConfig"))}
    assert set(outward) == {row.name for row in ROWS if "witnesses" in row.ports} == {"get_audit_checkpoint"}
    assert all("inside" not in str(told["VpcConfig"]["SubnetIds"]) for told in outward.values())
    asked = {
        name for name, told in whole.functions().items() if "LLM_CONFIG_WITNESSES" in told["Environment"]["Variables"]
    }
    assert asked == set(outward)
    endpoints = {told["ServiceName"].rpartition(".")[2] for told in whole.properties("AWS::EC2::VPCEndpoint")}
    assert endpoints == {"dynamodb", "s3", "kms", "events", "logs", "secretsmanager", "sqs"}
    egress = [
        rule for told in whole.properties("AWS::EC2::SecurityGroup") for rule in told.get("SecurityGroupEgress", [])
    ]
    (to_gateways,) = [rule for rule in egress if rule["CidrIp"] == "0.0.0.0/0"]
    assert (to_gateways["FromPort"], to_gateways["ToPort"]) == (443, 443)
    placed = {name: told["VpcConfig"] for name, told in whole.functions().items() if "VpcConfig" in told}
    inside = {name for name, told in placed.items() if told["SecurityGroupIds"] != ["sg-1"]}
    assert inside == {row.name for row in ROWS if stands_inside(row, shared_cache=True)}
    assert "resolve_config" in inside


def test_who_speaks_to_targets_stands_where_they_are_and_nobody_else_does(dev: Templates, whole: Templates) -> None:
    placed = {name: told.get("VpcConfig") for name, told in whole.functions().items()}
    there = {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    asking = {row.name for row in ROWS if asks_a_target(row)}
    assert {name for name, told in placed.items() if told and told["SecurityGroupIds"] == ["sg-1"]} == asking
    assert {"create_successor", "prove_successor", "retire_predecessor"} <= asking
    assert all({**(placed[name] or {}), **there} == placed[name] for name in asking)
    assert not [name for name, told in dev.functions().items() if "VpcConfig" in told]


def test_a_function_is_told_of_the_cache_that_it_shares(dev: Templates, whole: Templates) -> None:
    told = environment(whole, "resolve_config")
    assert told["LLM_CONFIG_SHARED_CACHE_NAME"] == "llm-config-whole-cache" and told["LLM_CONFIG_SHARED_CACHE"]
    assert "LLM_CONFIG_SHARED_CACHE" not in environment(dev, "resolve_config")
    assert "LLM_CONFIG_SHARED_CACHE" not in environment(whole, "put_config")
    (user,) = whole.properties("AWS::ElastiCache::User")
    assert user["AccessString"] == "on ~llm-config-whole-* -@all +hmget +hset +expire +eval"


def test_a_stage_without_them_has_no_network_no_edge_and_no_names(dev: Templates) -> None:
    assert not {"network-and-data", "edge"} & dev.stacks.keys()


def test_functions_reserve_what_the_stage_says(whole: Templates) -> None:
    reserved = {name: told.get("ReservedConcurrentExecutions") for name, told in whole.functions().items()}
    assert {name: count for name, count in reserved.items() if count} == {"get_config": 100}


def test_every_queue_has_one_for_what_failed_and_that_one_wakes_somebody(whole: Templates) -> None:
    queues = {told["QueueName"].removeprefix("llm-config-whole-"): told for told in whole.properties("AWS::SQS::Queue")}
    assert set(queues) == {
        "changes",
        "changes-failed",
        "days",
        "days-failed",
        "make_audit_export",
        "make_audit_export-failed",
        "run_due_rotation",
        "run_due_rotation-failed",
        "tell_expiry",
        "tell_expiry-failed",
        "publish_changes-failed",
        "append_audit-failed",
        "append_reads",
        "append_reads-failed",
        "sweep_journal",
        "sweep_journal-failed",
        "sweep_audit",
        "sweep_audit-failed",
        "deliver_webhooks",
        "deliver_webhooks-failed",
        "push_heartbeats",
        "push_heartbeats-failed",
        "watched",
        "watched-failed",
        "named",
        "named-failed",
        "sweep_names",
        "sweep_names-failed",
    }
    alarms = {told["AlarmName"] for told in whole.properties("AWS::CloudWatch::Alarm")}
    for name in (
        *("changes", "watched", "named", "days", "run_due_rotation", "tell_expiry"),
        *("sweep_journal", "sweep_audit", "sweep_names"),
    ):
        assert queues[name]["RedrivePolicy"]["maxReceiveCount"] == 5
        assert f"llm-config-whole-{name}-failed" in alarms


def test_every_follower_of_the_stream_is_brought_new_rows_and_puts_aside_what_it_never_manages(
    whole: Templates,
) -> None:
    mappings = {told["FunctionName"]: told for told in whole.properties("AWS::Lambda::EventSourceMapping")}
    followers = [task.name for task in TASKS if task.trigger is Trigger.STREAM]
    for name in followers:
        (told,) = [mapping for called, mapping in mappings.items() if alias_of(whole, name) in called]
        assert "FnGetAttjournal" in told["EventSourceArn"] and "StreamArn" in told["EventSourceArn"]
        assert [json.loads(one["Pattern"]) for one in told["FilterCriteria"]["Filters"]] == [{"eventName": ["INSERT"]}]
        assert (told["FunctionResponseTypes"], told["StartingPosition"]) == (
            ["ReportBatchItemFailures"],
            "TRIM_HORIZON",
        )
        assert (told["BisectBatchOnFunctionError"], told["ParallelizationFactor"]) == (True, 4)
        assert told["MaximumRetryAttempts"] == 2000 and told["MaximumRecordAgeInSeconds"] < 24 * 3600
        aside = told["DestinationConfig"]["OnFailure"]["Destination"]
        assert aside == whole.place.arn(f"queue/{name}-failed")
        alarms = {one["AlarmName"] for one in whole.properties("AWS::CloudWatch::Alarm")}
        assert {f"llm-config-whole-{name}-failed", f"llm-config-whole-{name}-behind"} <= alarms
    assert len(mappings) == len([task for task in TASKS if task.trigger not in (Trigger.STEP, Trigger.SOCKET)])


def test_the_minute_comes_to_each_task_that_takes_it(whole: Templates) -> None:
    ticking = [task.name for task in TASKS if task.trigger is Trigger.TICK]
    rules = [told for told in whole.properties("AWS::Events::Rule") if "ScheduleExpression" in told]
    assert {told["State"] for told in rules} == {"ENABLED"}
    assert rates(whole, "days") == [("rate(1 day)", "ENABLED")]
    (minute,) = [told for told in rules if len(told["Targets"]) == len(ticking)]
    assert minute["ScheduleExpression"] == "rate(1 minute)"
    mappings = {told["FunctionName"]: told for told in whole.properties("AWS::Lambda::EventSourceMapping")}
    for name in ticking:
        (told,) = [mapping for called, mapping in mappings.items() if alias_of(whole, name) in called]
        assert told["EventSourceArn"] == whole.place.arn(f"queue/{name}")


def test_set_times_come_to_each_that_waits_for_them_by_a_queue_of_its_own(whole: Templates) -> None:
    swept = [task.name for task in TASKS if task.trigger is Trigger.SCHEDULE]
    mappings = {told["FunctionName"]: told for told in whole.properties("AWS::Lambda::EventSourceMapping")}
    assert swept == ["sweep_journal", "sweep_audit", "sweep_names", "deliver_webhooks", "push_heartbeats"]
    for name in swept:
        minutes = "1 minute" if name in ("deliver_webhooks", "push_heartbeats") else "5 minutes"
        assert rates(whole, name) == [(f"rate({minutes})", "ENABLED")]
        (told,) = [mapping for called, mapping in mappings.items() if alias_of(whole, name) in called]
        assert told["EventSourceArn"] == whole.place.arn(f"queue/{name}")
        assert "FunctionResponseTypes" not in told, "it names no message, for none says anything"


def rates(whole: Templates, queue: str) -> list[tuple[str, str]]:
    """How often a queue is told that a time has come."""
    rules = [told for told in whole.properties("AWS::Events::Rule") if "ScheduleExpression" in told]
    return [
        (told["ScheduleExpression"], told["State"])
        for told in rules
        if any(named(target["Arn"], queue) for target in told["Targets"])
    ]


def named(arn: object, queue: str) -> bool:
    return re.sub("[^a-z]", "", queue) in re.sub("[^a-z]", "", json.dumps(arn).lower()).replace("getatt", "")


def test_rotations_run_by_the_state_machine_and_its_log_tells_no_input(whole: Templates) -> None:
    (machine,) = whole.properties("AWS::StepFunctions::StateMachine")
    assert machine["StateMachineName"] == whole.place.rotation_machine_name
    assert (machine["StateMachineType"], machine["TracingConfiguration"]) == ("STANDARD", {"Enabled": True})
    log = machine["LoggingConfiguration"]
    assert (log["Level"], log["IncludeExecutionData"]) == ("ALL", False)
    steps = {task.name for task in TASKS if task.trigger is Trigger.STEP}
    assert machine["DefinitionSubstitutions"] == {step: whole.place.live(step) for step in steps}
    asked = set(re.findall(r"\$\{(\w+)\}", machine["DefinitionString"]))
    assert asked == steps


def test_the_engine_of_rotations_calls_its_steps_and_nothing_else(whole: Templates) -> None:
    told = whole.stacks["rotation"].values()
    (role,) = [one["Properties"] for one in told if one["Type"] == "AWS::IAM::Role"]
    (policy,) = role["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    called = [one["Resource"] for one in statements if one["Action"] == "lambda:InvokeFunction"]
    assert [sorted(one) for one in called] == [
        sorted(whole.place.live(task.name) for task in TASKS if task.trigger is Trigger.STEP)
    ]
    assert not [one for one in told if one["Type"] == "AWS::IAM::Policy"]


def alias_of(templates: Templates, name: str) -> str:
    aliases = templates.all("AWS::Lambda::Alias")
    (found,) = [
        place.partition("/")[2] for place in aliases if place.partition("/")[2].startswith(name.replace("_", ""))
    ]
    return f"<{found}>"


@pytest.mark.usefixtures("cdk")
def test_a_task_behind_a_queue_is_brought_its_messages(tmp_path: Path) -> None:
    """No task stands behind a queue yet: this one is made up."""
    from aws_cdk import App
    from aws_cdk.aws_lambda import Code

    from llm_config_cdk.stacks.functions import FunctionsStack

    (tmp_path / "layer").mkdir()
    task = replace(PUBLISH_CHANGES, trigger=Trigger.QUEUE)
    app = App(outdir=str(tmp_path / "out"))
    layer = Code.from_asset(str(tmp_path / "layer"))
    FunctionsStack(app, DEV, "events", [task], layer_code=lambda name: layer, token_key_arn="arn:aws:kms:::key/t")
    app.synth()
    (told,) = Templates.read(tmp_path / "out", DEV.prefix).properties("AWS::Lambda::EventSourceMapping")
    assert told["EventSourceArn"].endswith(":llm-config-dev-publish_changes")
    assert (told["FunctionResponseTypes"], told["BatchSize"]) == (["ReportBatchItemFailures"], 10)


def test_the_rules_match_what_is_published(whole: Templates) -> None:
    patterns = [
        told["EventPattern"]["source"] for told in whole.properties("AWS::Events::Rule") if "EventPattern" in told
    ]
    archives = [told["EventPattern"]["source"] for told in whole.properties("AWS::Events::Archive")]
    assert patterns == archives == [[SOURCE]]


def test_every_change_wakes_the_functions_that_tell_of_it_and_a_denial_wakes_nobody(whole: Templates) -> None:
    (rule,) = [told for told in whole.properties("AWS::Events::Rule") if "EventPattern" in told]
    assert rule["State"] == "ENABLED"
    assert rule["EventPattern"]["detail-type"] == [{"anything-but": ["com.llm.access.denied"]}]
    queues = {"project_names": "named", "deliver_changes": "changes", "push_changes": "watched"}
    for target, queue in zip(rule["Targets"], queues.values(), strict=True):
        assert named(target["Arn"], queue)
    mappings = whole.properties("AWS::Lambda::EventSourceMapping")
    for name, queue in queues.items():
        (told,) = [one for one in mappings if alias_of(whole, name) in one["FunctionName"]]
        assert told["EventSourceArn"] == whole.place.arn(f"queue/{queue}")
        assert told["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert (told["MaximumBatchingWindowInSeconds"], told["ScalingConfig"]) == (1, {"MaximumConcurrency": 2})


def test_the_dashboard_has_its_panels_and_asks_no_more_logs_than_it_may(whole: Templates) -> None:
    (dashboard,) = whole.properties("AWS::CloudWatch::Dashboard")
    panels = [widget["properties"] for widget in json.loads(dashboard["DashboardBody"])["widgets"]]
    titles = " | ".join(panel["title"] for panel in panels)
    for wanted in ("Requests a minute", "Errors, %", "p50, p95, p99", "from memory", "Top tenants"):
        assert wanted in titles
    (query,) = [panel["query"] for panel in panels if "query" in panel]
    assert query.count("SOURCE") <= 50


def test_the_metrics_it_shows_are_those_that_requests_tell(whole: Templates) -> None:
    (dashboard,) = whole.properties("AWS::CloudWatch::Dashboard")
    shown = {
        metric[1]
        for widget in json.loads(dashboard["DashboardBody"])["widgets"]
        for metric in widget["properties"].get("metrics", [])
        if metric[0] == whole.prefix
    }
    of_caches = {metrics.HITS, metrics.LOOKS, metrics.SHARED_LOOKS}
    assert shown == {metrics.OPERATIONS, metrics.VAULT, metrics.SECRETS} | of_caches
    told = {one["Environment"]["Variables"]["LLM_CONFIG_METRICS"] for one in whole.functions().values()}
    assert told == {whole.prefix}


def test_users_functions_find_the_sdk_as_a_layer(whole: Templates) -> None:
    ((_, layer),) = whole.stacks["client"].items()
    assert (layer["Type"], layer["DeletionPolicy"]) == ("AWS::Lambda::LayerVersion", "Retain")


def test_stacks_hang_together_by_what_no_name_tells(assembly: Path) -> None:
    """An export that another stack uses cannot be changed: layers, functions and tables are none. Keys, both APIs, the
    network and the database have ids of their own; the stream's ARN ends with a moment."""
    templates = [json.loads(path.read_text()) for path in assembly.glob("llm-config-whole-*.template.json")]
    outputs = [name for template in templates for name, told in template.get("Outputs", {}).items() if "Export" in told]
    shared = ("FnGetAttaudit", "FnGetAttaudit", "FnGetAttcache", "FnGetAttinside", "FnGetAttjournal", "FnGetAttplatform",
              "FnGetAttreceipts", "FnGetAttshared", "FnGetAtttokens", "Refapi", "Refapi", "Refvpcinside",
              "Refvpcinside", "Refvpcoutward", "Refvpcoutward")  # fmt: skip
    assert len(outputs) == len(shared)
    assert all(name.startswith(f"ExportsOutput{one}") for name, one in zip(sorted(outputs), shared, strict=True))


def test_stacks_stay_small_and_would_with_twice_the_operations(whole: Templates) -> None:
    growth = ONE_DAY / len(OPERATIONS)
    for name, resources in whole.stacks.items():
        by_catalog = name == "api" or name.startswith("functions-")
        one_day = len(resources) * (growth if by_catalog else 1)
        assert one_day < BELOW, f"{name} would have {one_day:.0f} resources with {ONE_DAY} operations"
