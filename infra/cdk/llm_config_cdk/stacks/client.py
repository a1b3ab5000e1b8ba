"""What users' own functions take from the deployment: the SDK as a layer, by the ARN that this stack tells."""

from aws_cdk import CfnOutput, RemovalPolicy
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from llm_config_cdk.operation_function import ARM, PYTHON
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stacks.functions import LayerCode
from llm_config_cdk.stages import Stage


class ClientStack(StageStack):
    """An old version stays when a new one comes: functions that we do not know of may stand on it."""

    def __init__(self, scope: Construct, stage: Stage, layer_code: LayerCode) -> None:
        super().__init__(scope, stage, "client")
        layer = lambda_.LayerVersion(
            self,
            "layer",
            layer_version_name=f"{stage.prefix}-client",
            code=layer_code("client"),
            description="llm_config_client: the SDK",
            compatible_runtimes=[PYTHON],
            compatible_architectures=[ARM],
            removal_policy=RemovalPolicy.RETAIN,
        )
        CfnOutput(self, "layer-arn", value=layer.layer_version_arn)
