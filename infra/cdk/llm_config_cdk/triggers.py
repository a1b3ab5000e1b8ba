"""How a task's function comes by its batches: from the journal's stream, from the logs, or from a queue of its own; and the
minutes and days, which carry nothing."""

from aws_cdk import CustomResource, Duration
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs

from llm_config.operations.operation import Task, Trigger
from llm_config_cdk.migrations import migrations_fingerprint
from llm_config_cdk.operation_function import OperationFunction
from llm_config_cdk.places import Place
from llm_config_cdk.service_grants import CHANGES, DAYS, QUEUED, failed

ROWS, LANES = 100, 4
TRIES = 2000
"""A row that cannot be read fails within milliseconds, so it is out of the way in minutes. While the bus does not answer, a
try lasts three seconds and more, so these bridge an hour and a half."""
OLDEST = Duration.hours(23)
"""The stream forgets a row after 24 h: what is put aside before can still be read there."""
BEHIND = Duration.minutes(5)
MESSAGES = 10
EVENTS, TOGETHER = 100, Duration.seconds(1)
LATEST, RETRIES = Duration.hours(6), 2
"""As long and as often as Lambda tries a call that nobody waits for."""
TELLERS = 2
"""The fewest that SQS takes."""


def brought_to(function: OperationFunction, task: Task, place: Place, journal_stream_arn: str) -> None:
    if task.trigger is Trigger.STREAM:
        _stream(function, task, place, journal_stream_arn)
    if task.trigger in QUEUED - {Trigger.TICK}:
        _queue(function, task, place)
    if task.trigger is Trigger.LOGS:
        _logs(function, task, place)
    if task.trigger is Trigger.CHANGES:
        _changes(function, task, place)
    if task.trigger is Trigger.TICK:
        _ticks(function, task, place)
    if task.trigger is Trigger.UPKEEP:
        _upkeep(function, place)


def _stream(function: OperationFunction, task: Task, place: Place, arn: str) -> None:
    """New rows alone. One partition's rows stay in one lane, so each line of changes comes in its order."""
    aside = sqs.Queue.from_queue_arn(function, "failed", place.arn(f"queue/{failed(task.name)}"))
    lambda_.EventSourceMapping(
        function,
        "journal",
        target=function.alias,
        event_source_arn=arn,
        starting_position=lambda_.StartingPosition.TRIM_HORIZON,
        filters=[lambda_.FilterCriteria.filter({"eventName": lambda_.FilterRule.is_equal("INSERT")})],
        batch_size=ROWS,
        parallelization_factor=LANES,
        report_batch_item_failures=True,
        bisect_batch_on_error=True,
        retry_attempts=TRIES,
        max_record_age=OLDEST,
        on_failure=sources.SqsDlq(aside),
    )
    age = function.function.metric("IteratorAge", statistic="Maximum", period=Duration.minutes(1))
    function.watch("behind", age, BEHIND.to_milliseconds())


def _queue(function: OperationFunction, task: Task, place: Place) -> None:
    """How often a message is tried is the queue's to say."""
    lambda_.EventSourceMapping(
        function,
        "queue",
        target=function.alias,
        event_source_arn=place.arn(f"queue/{task.name}"),
        batch_size=MESSAGES,
        report_batch_item_failures=task.trigger is Trigger.QUEUE or None,
    )


def _logs(function: OperationFunction, task: Task, place: Place) -> None:
    """The logs' own subscriptions stand in a stack behind this one. What a call could not do is tried twice more within
    minutes, and then lies in a queue that brings it again."""
    aside = place.arn(f"queue/{task.name}")
    wanted = lambda_.CfnEventInvokeConfig.DestinationConfigProperty(
        on_failure=lambda_.CfnEventInvokeConfig.OnFailureProperty(destination=aside)
    )
    asked = lambda_.CfnEventInvokeConfig(
        function,
        "aside",
        function_name=function.function.function_name,
        qualifier=function.alias.alias_name,
        destination_config=wanted,
        maximum_event_age_in_seconds=LATEST.to_seconds(),
        maximum_retry_attempts=RETRIES,
    )
    asked.node.add_dependency(function.alias)
    lambda_.EventSourceMapping(function, "again", target=function.alias, event_source_arn=aside, batch_size=1)
    age = function.function.metric("AsyncEventAge", statistic="Maximum", period=Duration.minutes(1))
    function.watch("behind", age, BEHIND.to_milliseconds())


def _changes(function: OperationFunction, task: Task, place: Place) -> None:
    """What comes together is one request, and few containers tell at once: each tells what stands behind a mark, so more of
    them would tell the same things more often."""
    lambda_.EventSourceMapping(
        function,
        "changes",
        target=function.alias,
        event_source_arn=place.arn(f"queue/{CHANGES[task.name]}"),
        batch_size=EVENTS,
        max_batching_window=TOGETHER,
        max_concurrency=TELLERS,
        report_batch_item_failures=True,
    )


def _ticks(function: OperationFunction, task: Task, place: Place) -> None:
    """Minutes that wait are one: the function asks the store what is due, whatever brought it."""
    minutes = place.arn(f"queue/{task.name}")
    lambda_.EventSourceMapping(function, "ticks", target=function.alias, event_source_arn=minutes, batch_size=MESSAGES)


def _upkeep(function: OperationFunction, place: Place) -> None:
    """Once a day; and at a deployment that brings new migrations, which waits for them and fails where they do."""
    lambda_.EventSourceMapping(
        function, "days", target=function.alias, event_source_arn=place.arn(f"queue/{DAYS}"), batch_size=1
    )
    CustomResource(
        function,
        "shape",
        service_token=function.alias.function_arn,
        resource_type="Custom::AuditDatabase",
        service_timeout=Duration.minutes(10),
        properties={"Migrations": migrations_fingerprint()},
    )
