"""What AWS's own services may do with a role of ours: bring a function its batches, call the steps of a rotation, keep logs."""

from collections.abc import Iterable, Mapping

from llm_config.operations.operation import Row, Task, Trigger
from llm_config_cdk.grants import NOTHING, Grant

_READING_A_STREAM = Grant(
    ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"),
    ("stream/journal",),
)
QUEUED = frozenset({Trigger.QUEUE, Trigger.SCHEDULE, Trigger.TICK})
"""What brings a task its requests, or its times, by a queue of its own."""
CHANGES: Mapping[str, str] = {"deliver_changes": "changes", "push_changes": "watched", "project_names": "named"}
"""Task -> the queue of what was published and is told to subscribers, to watchers, or to the index of names."""
DAYS = "days"
"""The queue of days that have come, for the one task that keeps the audit's database."""
SAMPLING = ("xray:GetSamplingRules", "xray:GetSamplingTargets")
DELIVERING_A_LOG = (
    *(f"logs:{verb}LogDelivery" for verb in ("Create", "Get", "Update", "Delete")),
    *("logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"),
)
_READING_A_QUEUE = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")


def of_trigger(row: Row) -> tuple[Grant, ...]:
    """What Lambda does with the function's own role to bring it its batches, and to put aside what failed for good."""
    if isinstance(row, Task) and row.trigger is Trigger.STREAM:
        return (_READING_A_STREAM, Grant(("sqs:SendMessage",), (f"queue/{failed(row.name)}",)))
    if isinstance(row, Task) and row.trigger in QUEUED:
        return (Grant(_READING_A_QUEUE, (f"queue/{row.name}",)),)
    if isinstance(row, Task) and row.trigger is Trigger.LOGS:
        return (Grant((*_READING_A_QUEUE, "sqs:SendMessage"), (f"queue/{row.name}",)),)
    if isinstance(row, Task) and row.trigger is Trigger.CHANGES:
        return (Grant(_READING_A_QUEUE, (f"queue/{CHANGES[row.name]}",)),)
    if isinstance(row, Task) and row.trigger is Trigger.UPKEEP:
        return (Grant(_READING_A_QUEUE, (f"queue/{DAYS}",)),)
    return NOTHING


def of_state_machine(steps: Iterable[Task]) -> tuple[Grant, ...]:
    """What the engine of rotations may do: call the functions of its steps, and tell what it did (Step Functions
    Developer Guide, "Using CloudWatch Logs to log execution history"; these actions on logs know no resource)."""
    return (
        Grant(("lambda:InvokeFunction",), tuple(f"live/{step.name}" for step in steps)),
        Grant((*TRACES.actions, *SAMPLING), ("no-resource",)),
        Grant(DELIVERING_A_LOG, ("no-resource",)),
    )


def failed(task: str) -> str:
    """The queue of what a task did not manage."""
    return f"{task}-failed"


TRACES = Grant(("xray:PutTraceSegments", "xray:PutTelemetryRecords"), ("no-resource",))
"""These two actions take no resource."""

KEEPING_LOGS = Grant(
    (
        *("logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams"),
        *("logs:FilterLogEvents", "logs:GetLogEvents", "logs:PutLogEvents"),
    ),
    ("no-resource",),
)
"""Of API Gateway itself, for all WebSocket APIs of an account (API Gateway Developer Guide, "Set up CloudWatch logging for
WebSocket APIs"): what AmazonAPIGatewayPushToCloudWatchLogs allows, without which the setting is refused."""

KEY_ADMINISTRATION = Grant(("kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy"), ("keys",))
"""Of people, for the day when the policies of tenants' keys have to change."""


INSIDE = Grant(
    ("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"), ("no-resource",)
)
"""Of Lambda itself, for a function that stands in the network: it makes its interfaces there with the function's role
(Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC")."""
