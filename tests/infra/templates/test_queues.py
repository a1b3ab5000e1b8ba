"""What brings a task its work: the stream, queues, minutes, days, events, and the engine of rotations."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from llm_config.operations.catalog import TASKS
from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.operations.operation import Trigger
from llm_config_cdk.stages import DEV
from llm_config_domain.events import SOURCE
from tests.support.templates import Templates


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
        (told,) = [mapping for called, mapping in mappings.items() if whole.alias_of(name) in called]
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
        (told,) = [mapping for called, mapping in mappings.items() if whole.alias_of(name) in called]
        assert told["EventSourceArn"] == whole.place.arn(f"queue/{name}")


def test_set_times_come_to_each_that_waits_for_them_by_a_queue_of_its_own(whole: Templates) -> None:
    swept = [task.name for task in TASKS if task.trigger is Trigger.SCHEDULE]
    mappings = {told["FunctionName"]: told for told in whole.properties("AWS::Lambda::EventSourceMapping")}
    assert swept == ["sweep_journal", "sweep_audit", "sweep_names", "deliver_webhooks", "push_heartbeats"]
    for name in swept:
        minutes = "1 minute" if name in ("deliver_webhooks", "push_heartbeats") else "5 minutes"
        assert rates(whole, name) == [(f"rate({minutes})", "ENABLED")]
        (told,) = [mapping for called, mapping in mappings.items() if whole.alias_of(name) in called]
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
        (told,) = [one for one in mappings if whole.alias_of(name) in one["FunctionName"]]
        assert told["EventSourceArn"] == whole.place.arn(f"queue/{queue}")
        assert told["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert (told["MaximumBatchingWindowInSeconds"], told["ScalingConfig"]) == (1, {"MaximumConcurrency": 2})
