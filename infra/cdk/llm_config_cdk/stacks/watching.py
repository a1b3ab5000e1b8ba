"""Watching over WebSockets: an API with one route a task that a connection starts, and how it is reached.

The API itself stands in a stack of its own, before the functions, which are told its id and may post to its connections
alone; its routes come after them, and call them by the ARNs that their names give.
"""

import json
from collections.abc import Sequence

from aws_cdk import CfnOutput, Fn, RemovalPolicy
from aws_cdk import aws_apigateway as account
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from llm_config.operations.operation import Task
from llm_config_cdk.places import WATCH
from llm_config_cdk.policies import statement
from llm_config_cdk.rules import acknowledge, acknowledge_wildcards
from llm_config_cdk.service_grants import KEEPING_LOGS
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stages import Stage

ACCESS_LOG = {
    "requestId": "$context.requestId",
    "at": "$context.requestTime",
    "routeKey": "$context.routeKey",
    "eventType": "$context.eventType",
    "status": "$context.status",
    "sourceIp": "$context.identity.sourceIp",
    "integrationError": "$context.integrationErrorMessage",
}


class WatchApiStack(StageStack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, stage, "watch-api")
        self.api = apigateway.CfnApi(
            self,
            "api",
            name=f"{stage.prefix}-watch",
            description=f"LLM-Config-Manager, {stage.name}: watching",
            protocol_type="WEBSOCKET",
            route_selection_expression="$request.body.action",
        )


class WatchStack(StageStack):
    def __init__(self, scope: Construct, stage: Stage, api_id: str, tasks: Sequence[Task]) -> None:
        super().__init__(scope, stage, "watch")
        self._api = api_id
        routes = [self._route(task) for task in tasks]
        acknowledge(self, "APIG4")
        served = self._served()
        for route in routes:
            served.add_resource_dependency(route)
        address = f"{api_id}.execute-api.{self.region}.{self.url_suffix}/{WATCH}"
        CfnOutput(self, "url", value=f"wss://{address}", description="LLM_CONFIG_WATCH_URL of who watches")

    def _route(self, task: Task) -> apigateway.CfnRoute:
        scope, alias = Construct(self, task.name), self.place.live(task.name)
        uri = f"arn:{self.partition}:apigateway:{self.region}:lambda:path/2015-03-31/functions/{alias}/invocations"
        integration = apigateway.CfnIntegration(
            scope, "integration", api_id=self._api, integration_type="AWS_PROXY", integration_uri=uri
        )
        lambda_.CfnPermission(
            scope,
            "permission",
            action="lambda:InvokeFunction",
            function_name=alias,
            principal="apigateway.amazonaws.com",
            source_arn=self.place.regional("execute-api", f"{self._api}/*/{task.route}"),
            source_account=self.account,
        )
        target = Fn.join("/", ["integrations", integration.ref])
        return apigateway.CfnRoute(
            scope, "route", api_id=self._api, route_key=task.route, target=target, authorization_type="NONE"
        )

    def _served(self) -> apigateway.CfnStage:
        log = logs.LogGroup(
            self,
            "access-log",
            log_group_name=f"/aws/apigateway/{self.stage.prefix}-watch",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        served = apigateway.CfnStage(
            self,
            "stage",
            api_id=self._api,
            stage_name=WATCH,
            auto_deploy=True,
            default_route_settings=apigateway.CfnStage.RouteSettingsProperty(
                throttling_rate_limit=self.stage.rate_limit,
                throttling_burst_limit=self.stage.burst_limit,
                detailed_metrics_enabled=True,
            ),
            access_log_settings=apigateway.CfnStage.AccessLogSettingsProperty(
                destination_arn=log.log_group_arn, format=json.dumps(ACCESS_LOG)
            ),
        )
        served.add_resource_dependency(self._account())
        return served

    def _account(self) -> account.CfnAccount:
        """WebSocket APIs write their logs by a role of the account's, one for all of its APIs in the region: it stays when
        this stack goes."""
        role = iam.Role(
            self,
            "log-role",
            assumed_by=iam.ServicePrincipal("apigateway.amazonaws.com"),
            inline_policies={
                "logs": iam.PolicyDocument(
                    statements=[iam.PolicyStatement.from_json(statement(KEEPING_LOGS, self.place))]
                )
            },
        )
        acknowledge_wildcards(role, [KEEPING_LOGS], self.stage.prefix)
        told = account.CfnAccount(self, "account", cloud_watch_role_arn=role.role_arn)
        for kept in (role, told):
            kept.apply_removal_policy(RemovalPolicy.RETAIN)
        return told
