"""The way of the functions' lines to the audit: a subscription of each log whose lines carry accesses.

They stand behind the functions, for CloudWatch Logs takes a subscription only of a group that is there, and to a function that
it may call. A log group may have two of them: the other one is left to whoever deploys.
"""

from collections.abc import Sequence

from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from llm_config.operations.operation import Row, Task
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stages import Stage

ACCESSES = "{ $.sequence > 0 }"
"""Of a container's lines those that carry a number, which an access alone has."""


class ReadsStack(StageStack):
    """`taker` is called with the lines of `printers`, never with its own: it prints no access."""

    def __init__(self, scope: Construct, stage: Stage, taker: Task, printers: Sequence[Row]) -> None:
        super().__init__(scope, stage, "reads")
        called = self.place.live(taker.name)
        permission = lambda_.CfnPermission(
            self,
            "permission",
            action="lambda:InvokeFunction",
            function_name=called,
            principal="logs.amazonaws.com",
            # One for all: a function's policy has no room for one of each.
            source_arn=self.place.regional("logs", f"log-group:/aws/lambda/{self.place.function('*')}:*"),
            source_account=self.account,
        )
        for row in printers:
            subscription = logs.CfnSubscriptionFilter(
                self,
                row.name,
                filter_name=f"{stage.prefix}-reads",
                filter_pattern=ACCESSES,
                log_group_name=f"/aws/lambda/{self.place.function(row.name)}",
                destination_arn=called,
            )
            subscription.add_resource_dependency(permission)
