"""How the lines of reads come to the audit: which logs are subscribed, who may call with them, and where what failed lies."""

import json
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from llm_config.adapters.log_stream.lines import LogStreamLines
from llm_config.operations.audit.append_reads import APPEND_READS
from llm_config.operations.catalog import OPERATIONS, TASKS
from llm_config.operations.needs import needs_of
from llm_config.operations.operation import Recorded
from llm_config_cdk.deployed_rows import printers_of, rows_of
from llm_config_cdk.stages import DEV, PRODUCTION, AuditDatabase, Network
from llm_config_domain.names import PLATFORM
from tests.support.entries import numbered
from tests.support.golden import ROOT
from tests.support.templates import Templates

ROWS = (*OPERATIONS, *TASKS)
STAGE = replace(DEV, network=Network(audit_database=AuditDatabase(Path("authorities.pem"))))


def subscriptions(templates: Templates) -> dict[str, dict[str, Any]]:
    """{function: its log's subscription}"""
    place = f"/aws/lambda/{templates.prefix}-"
    found = templates.properties("AWS::Logs::SubscriptionFilter")
    assert len({told["LogGroupName"] for told in found}) == len(found), (
        "a log group may have two: the other is not ours"
    )
    return {told["LogGroupName"].removeprefix(place): told for told in found}


def test_every_log_whose_lines_carry_accesses_is_subscribed_and_no_other(whole: Templates) -> None:
    wanted = {row.name for row in ROWS if "access_log" in needs_of(row)}
    assert subscriptions(whole).keys() == wanted
    assert {row.name for row in ROWS if row.recorded is Recorded.BEHIND} <= wanted
    assert {"get_config", "resolve_config", "put_config", "open_watch"} <= wanted
    groups = {told.get("LogGroupName") for told in whole.properties("AWS::Logs::LogGroup")}
    assert {told["LogGroupName"] for told in subscriptions(whole).values()} <= groups


def test_what_takes_lines_is_not_called_with_its_own(whole: Templates) -> None:
    assert APPEND_READS.name not in subscriptions(whole)
    assert "access_log" not in needs_of(APPEND_READS)


def test_lines_go_to_the_live_function_and_to_nobody_else(whole: Templates) -> None:
    live = whole.place.live(APPEND_READS.name)
    for told in subscriptions(whole).values():
        assert (told["DestinationArn"], told["FilterPattern"]) == (live, "{ $.sequence > 0 }")
        assert "RoleArn" not in told


def test_the_pattern_takes_lines_with_an_access_and_documents_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    log, line = LogStreamLines("container"), {"level": "INFO", "cache_level": "none", "duration_ms": 1.0}
    log.write(line)
    log.note(numbered(PLATFORM, 1))
    log.write(line)
    without, carrying = map(json.loads, capsys.readouterr().out.splitlines())
    assert "sequence" not in without and carrying["sequence"] > 0
    assert "`{ $.sequence > 0 }`" in (ROOT / "docs" / "observability.md").read_text()


def test_the_logs_of_this_deployment_may_call_it_and_no_others(whole: Templates) -> None:
    allowed = whole.properties("AWS::Lambda::Permission")
    (told,) = [one for one in allowed if one["FunctionName"] == whole.place.live(APPEND_READS.name)]
    assert (told["Principal"], told["SourceAccount"]) == ("logs.amazonaws.com", whole.place.account)
    for subscription in subscriptions(whole).values():
        assert fnmatchcase(
            f"{whole.place.regional('logs', 'log-group')}:{subscription['LogGroupName']}:*", told["SourceArn"]
        )
    other = whole.place.regional("logs", "log-group:/aws/lambda/llm-config-other-get_config:*")
    assert not fnmatchcase(other, told["SourceArn"])


def test_a_subscription_waits_for_the_function_that_it_names_and_for_the_right_to_call_it(assembly: Path) -> None:
    """CloudWatch Logs refuses one to a function that it may not call."""
    template = json.loads((assembly / "llm-config-whole-reads.template.json").read_text())["Resources"]
    (permission,) = [name for name, told in template.items() if told["Type"] == "AWS::Lambda::Permission"]
    for told in template.values():
        if told["Type"] == "AWS::Logs::SubscriptionFilter":
            assert told["DependsOn"] == [permission]
    manifest = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    functions = {name for name in manifest if name.startswith("llm-config-whole-functions-") and "assets" not in name}
    assert functions and functions <= set(manifest["llm-config-whole-reads"]["dependencies"])


def test_what_failed_is_tried_again_and_then_brought_again_for_a_day(whole: Templates) -> None:
    (asked,) = whole.properties("AWS::Lambda::EventInvokeConfig")
    queue = whole.place.arn(f"queue/{APPEND_READS.name}")
    assert (asked["Qualifier"], asked["MaximumRetryAttempts"]) == ("live", 2)
    assert asked["MaximumEventAgeInSeconds"] == 6 * 3600
    assert asked["DestinationConfig"] == {"OnFailure": {"Destination": queue}}
    (again,) = [one for one in whole.properties("AWS::Lambda::EventSourceMapping") if one["EventSourceArn"] == queue]
    assert again["BatchSize"] == 1 and "FunctionResponseTypes" not in again, "it raises what it could not do"
    queues = {told["QueueName"]: told for told in whole.properties("AWS::SQS::Queue")}
    told = queues[f"{whole.prefix}-{APPEND_READS.name}"]
    assert told["RedrivePolicy"]["maxReceiveCount"] * told["VisibilityTimeout"] == 24 * 3600
    assert told["MessageRetentionPeriod"] == 14 * 24 * 3600
    alarms = {one["AlarmName"]: one for one in whole.properties("AWS::CloudWatch::Alarm")}
    assert f"{whole.prefix}-{APPEND_READS.name}-failed" in alarms
    behind = alarms[f"{whole.prefix}-{APPEND_READS.name}-behind"]
    assert (behind["MetricName"], behind["Threshold"]) == ("AsyncEventAge", 300_000)
    assert PRODUCTION.reserved_concurrency[APPEND_READS.name] == 10


def test_it_stands_in_the_network_beside_the_database(whole: Templates) -> None:
    functions = whole.functions()
    assert functions["append_reads"]["VpcConfig"] == functions["append_audit"]["VpcConfig"]


def test_a_stage_without_an_audit_subscribes_to_nothing(dev: Templates) -> None:
    assert "reads" not in dev.stacks and not dev.properties("AWS::Logs::SubscriptionFilter")
    assert not [row for row in rows_of(DEV) if row is APPEND_READS] and printers_of(DEV) == ()
    assert APPEND_READS in rows_of(STAGE) and {row.name for row in printers_of(STAGE)} >= {"get_config"}
