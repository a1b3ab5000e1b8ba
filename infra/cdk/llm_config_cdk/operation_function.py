"""One row of the catalog as a Lambda function: its own role, log, alias and alarms, and nothing of another's."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from llm_config.operations.operation import Operation, Row, Task, Trigger
from llm_config_cdk import policies
from llm_config_cdk.rules import acknowledge, acknowledge_wildcards
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stages import LOG_DAYS
from llm_config_cdk.whereabouts import Whereabouts

FUNCTIONS = Path(__file__).parents[3] / "functions"
TIMEOUT = Duration.seconds(29)
"""The gateway gives up after 30 s: a function that runs on would answer nobody. A message of a queue is hidden from others
for six times as long as its function may take."""
TIMEOUTS = {
    Trigger.STEP: Duration.seconds(60),
    Trigger.STREAM: Duration.seconds(60),
    Trigger.QUEUE: TIMEOUT,
    Trigger.LOGS: Duration.seconds(60),
    Trigger.CHANGES: TIMEOUT,
    Trigger.TICK: TIMEOUT,
    Trigger.SCHEDULE: TIMEOUT,
    Trigger.SOCKET: TIMEOUT,
    Trigger.UPKEEP: Duration.minutes(5),
}
SLOW = 10_000
SLOW_AFTER_WAITING = 25_000
"""Milliseconds; of an operation that may wait for twenty seconds because it is asked to."""
MINUTES = Duration.minutes(5)
PYTHON, ARM = lambda_.Runtime.PYTHON_3_13, lambda_.Architecture.ARM_64
SERVICE = iam.ServicePrincipal("lambda.amazonaws.com")


class OperationFunction(Construct):
    """Its code is the operation's own folder, so another operation's change does not touch it; layers bring the rest.

    The role is written here whole and closed afterwards: what policies.py does not say, no construct can add.
    """

    def __init__(
        self,
        scope: StageStack,
        operation: Row,
        layers: Sequence[lambda_.ILayerVersion],
        environment: Mapping[str, str],
        whereabouts: Whereabouts | None = None,
    ) -> None:
        super().__init__(scope, operation.name)
        self._stack, stage = scope, scope.stage
        self._name = name = scope.place.function(operation.name)
        log = logs.LogGroup(
            self,
            "log",
            log_group_name=f"/aws/lambda/{name}",
            retention=retention(stage.log_days),
            removal_policy=RemovalPolicy.RETAIN if stage.protected else RemovalPolicy.DESTROY,
        )
        self.function = lambda_.Function(
            self,
            "function",
            function_name=name,
            description=operation.summary,
            runtime=PYTHON,
            architecture=ARM,
            code=lambda_.Code.from_asset(str(FUNCTIONS / operation.area / operation.name), exclude=["__pycache__"]),
            handler="handler.lambda_handler",
            layers=list(layers),
            environment=dict(environment),
            memory_size=stage.memory_mb,
            timeout=TIMEOUTS[operation.trigger] if isinstance(operation, Task) else TIMEOUT,
            reserved_concurrent_executions=stage.reserved_concurrency.get(operation.name),
            log_group=log,
            role=self._role(operation).without_policy_updates(),
            **(whereabouts.as_properties() if whereabouts else {}),
        )
        acknowledge(self.function, "L1")
        self._trace()
        self.alias = lambda_.Alias(self, "live", alias_name="live", version=self.function.current_version)
        for words, metric, threshold in self._watched(operation):
            self.watch(words, metric, threshold)

    def _role(self, operation: Row) -> iam.Role:
        place = self._stack.place
        role = iam.Role(
            self,
            "role",
            assumed_by=SERVICE,
            path=policies.role_path(operation, place),
            description=f"{operation.name}: what its ports ask of AWS",
            inline_policies={"ports": policy(policies.statements(operation, place))},
        )
        told = policies.grants_of(operation, shared_cache=place.shared_cache, target_network=place.target_network)
        acknowledge_wildcards(role, told, place.prefix)
        return role

    def _trace(self) -> None:
        """Set below the construct, which would give the role a statement of its own; service_grants.py has that one."""
        raw = self.function.node.default_child
        mode = "Active" if self._stack.stage.traced else "PassThrough"
        raw.add_property_override("TracingConfig", {"Mode": mode})

    def _watched(self, operation: Row) -> list[tuple[str, cloudwatch.Metric, float]]:
        waits = isinstance(operation, Operation) and "change_signal" in operation.ports
        slow = SLOW_AFTER_WAITING if waits else SLOW
        watched = [
            ("errors", self.function.metric_errors(period=MINUTES), 1),
            ("throttles", self.function.metric_throttles(period=MINUTES), 1),
            ("slow", self.function.metric_duration(period=MINUTES, statistic="p99"), slow),
        ]
        # Lines wait for a container, as they are meant to: triggers.py watches for how long.
        waiting = isinstance(operation, Task) and operation.trigger is Trigger.LOGS
        return [one for one in watched if not (waiting and one[0] == "throttles")]

    def watch(self, words: str, metric: cloudwatch.Metric, threshold: float) -> None:
        """An alarm `<function>-<words>` when the metric reaches the threshold."""
        alarm = cloudwatch.Alarm(
            self,
            words,
            alarm_name=f"{self._name}-{words}",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self._stack.wakes_somebody)


def policy(statements: Sequence[Mapping[str, Any]]) -> iam.PolicyDocument:
    return iam.PolicyDocument.from_json({"Version": "2012-10-17", "Statement": list(statements)})


def retention(days: int) -> logs.RetentionDays:
    names = logs.RetentionDays
    words = (names.ONE_DAY, names.ONE_WEEK, names.ONE_MONTH, names.THREE_MONTHS, names.ONE_YEAR)
    return dict(zip(LOG_DAYS, words, strict=True))[days]
