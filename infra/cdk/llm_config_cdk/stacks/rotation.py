"""The engine of rotations: the state machine that the embedded home runs too, as a Standard one.

Its states name the functions of the steps by their live aliases. Its log says which states were passed and when, never
what went in or out of them.
"""

from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as step_functions
from constructs import Construct

from llm_config.operations.catalog import TASKS
from llm_config.operations.operation import Trigger
from llm_config_cdk.operation_function import policy, retention
from llm_config_cdk.policies import statement
from llm_config_cdk.rules import acknowledge_wildcards
from llm_config_cdk.service_grants import of_state_machine
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stages import Stage

DEFINITION = Path(__file__).parents[1] / "state_machines" / "rotate_secret.asl.json"
STEPS = tuple(task for task in TASKS if task.trigger is Trigger.STEP)


class RotationStack(StageStack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, stage, "rotation")
        self.machine = step_functions.StateMachine(
            self,
            "rotate-secret",
            state_machine_name=self.place.rotation_machine_name,
            state_machine_type=step_functions.StateMachineType.STANDARD,
            definition_body=step_functions.DefinitionBody.from_string(DEFINITION.read_text()),
            definition_substitutions={task.name: self.place.live(task.name) for task in STEPS},
            role=self._role().without_policy_updates(),
            tracing_enabled=stage.traced,
            logs=step_functions.LogOptions(
                destination=self._log(), level=step_functions.LogLevel.ALL, include_execution_data=False
            ),
            removal_policy=self.at_the_end,
        )
        self._watch()

    def _log(self) -> logs.LogGroup:
        return logs.LogGroup(
            self,
            "log",
            log_group_name=f"/aws/vendedlogs/states/{self.place.rotation_machine_name}",
            retention=retention(self.stage.log_days),
            removal_policy=RemovalPolicy.RETAIN if self.stage.protected else RemovalPolicy.DESTROY,
        )

    def _role(self) -> iam.Role:
        told = of_state_machine(STEPS)
        role = iam.Role(
            self,
            "role",
            assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
            path=f"/{self.place.prefix}/",
            description="rotate-secret: the steps of a rotation, its traces and its log",
            inline_policies={"steps": policy([statement(grant, self.place) for grant in told])},
        )
        acknowledge_wildcards(role, told, self.stage.prefix)
        return role

    def _watch(self) -> None:
        """A run that fails is begun again by the minute's function: one is bad luck, three in an hour are a defect."""
        alarm = self.machine.metric_failed(period=Duration.hours(1)).create_alarm(
            self,
            "failed-alarm",
            alarm_name=f"{self.place.rotation_machine_name}-failed",
            alarm_description="Runs of rotations end in an error: read the state machine's log, then the function's",
            threshold=3,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
        alarm.add_alarm_action(self.wakes_somebody)
