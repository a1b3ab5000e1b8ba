"""What every stack of a stage has in common: its name, its tags, its place, what happens to its data at the end."""

from functools import cached_property
from typing import Any

from aws_cdk import Aws, RemovalPolicy, Stack, Tags
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct

from llm_config_cdk.places import Place
from llm_config_cdk.stages import Stage


class StageStack(Stack):
    """`llm-config-<stage>-<name>`. The account and the region are those of whoever deploys it."""

    def __init__(self, scope: Construct, stage: Stage, name: str, **props: Any) -> None:
        super().__init__(
            scope,
            f"{stage.prefix}-{name}",
            termination_protection=stage.protected,
            description=f"LLM-Config-Manager, {stage.name}: {name.replace('-', ' ')}",
            **props,
        )
        self.stage = stage
        Tags.of(self).add("llm-config:stage", stage.name)
        self.place = Place(
            stage.prefix,
            Aws.ACCOUNT_ID,
            Aws.REGION,
            Aws.PARTITION,
            shared_cache=stage.shares_cache,
            target_network=stage.target_network is not None,
        )
        """Made once: each thing that is asked of the CDK is a message to node and back."""

    @cached_property
    def wakes_somebody(self) -> actions.SnsAction:
        """What an alarm does. The topic is known by its name: an export would tie every stack to that of the events."""
        arn = self.place.regional("sns", f"{self.stage.prefix}-alarms")
        return actions.SnsAction(sns.Topic.from_topic_arn(self, "alarms-topic", arn))

    @property
    def at_the_end(self) -> RemovalPolicy:
        """Of what holds data or opens it."""
        return RemovalPolicy.RETAIN if self.stage.protected else RemovalPolicy.DESTROY
