"""What every stack of a stage has in common: its name, its tags, its place, what happens to its data at the end."""

from typing import Any

from aws_cdk import Aws, RemovalPolicy, Stack, Tags
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

    @property
    def place(self) -> Place:
        return Place(
            self.stage.prefix,
            Aws.ACCOUNT_ID,
            Aws.REGION,
            Aws.PARTITION,
            shared_cache=self.stage.shares_cache,
            target_network=self.stage.target_network is not None,
        )

    @property
    def at_the_end(self) -> RemovalPolicy:
        """Of what holds data or opens it."""
        return RemovalPolicy.RETAIN if self.stage.protected else RemovalPolicy.DESTROY
