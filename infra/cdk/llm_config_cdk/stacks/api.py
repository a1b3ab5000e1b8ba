"""The front door: an HTTP API with one route a row of the catalog, and the names it is reached by.

A route calls its function's alias by the ARN that its name gives, so the functions' stacks export nothing to this one.
Every function checks the credential itself: there is no authorizer before them, and none to disagree with them.
"""

import json
from collections.abc import Sequence

from aws_cdk import CfnOutput, Fn, RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from llm_config.operations.operation import Operation
from llm_config_cdk.rules import acknowledge
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stages import Domain, Stage

ACCESS_LOG = {
    "requestId": "$context.requestId",
    "at": "$context.requestTime",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "latencyMs": "$context.responseLatency",
    "responseBytes": "$context.responseLength",
    "sourceIp": "$context.identity.sourceIp",
    "integrationError": "$context.integrationErrorMessage",
}
"""Neither paths nor queries: they hold tenants' names."""


class ApiStack(StageStack):
    def __init__(self, scope: Construct, stage: Stage, operations: Sequence[Operation]) -> None:
        super().__init__(scope, stage, "api")
        domains = [domain for domain in (stage.public_domain, stage.mutual_domain) if domain]
        self.api = apigateway.CfnApi(
            self,
            "api",
            name=stage.prefix,
            description=f"LLM-Config-Manager, {stage.name}",
            protocol_type="HTTP",
            disable_execute_api_endpoint=bool(domains),
        )
        self._id, self._caller = self.api.ref, self.place.regional("execute-api", f"{self.api.ref}/*")
        for operation in operations:
            self._route(operation)
        acknowledge(self, "APIG4")
        served = self._served()
        for domain in domains:
            self._mapping("mutual" if domain is stage.mutual_domain else "public", domain, served)
        if not domains:
            CfnOutput(self, "url", value=self.api.attr_api_endpoint)

    def _route(self, operation: Operation) -> None:
        scope, alias = Construct(self, operation.name), self.place.live(operation.name)
        integration = apigateway.CfnIntegration(
            scope,
            "integration",
            api_id=self._id,
            integration_type="AWS_PROXY",
            integration_uri=alias,
            payload_format_version="2.0",
        )
        apigateway.CfnRoute(
            scope,
            "route",
            api_id=self._id,
            route_key=f"{operation.method} {operation.path}",
            target=Fn.join("/", ["integrations", integration.ref]),
            authorization_type="NONE",
        )
        lambda_.CfnPermission(
            scope,
            "permission",
            action="lambda:InvokeFunction",
            function_name=alias,
            principal="apigateway.amazonaws.com",
            source_arn=self._caller,
            source_account=self.place.account,
        )

    def _served(self) -> apigateway.CfnStage:
        log = logs.LogGroup(
            self,
            "access-log",
            log_group_name=f"/aws/apigateway/{self.stage.prefix}",
            retention=logs.RetentionDays.ONE_MONTH,
            removal_policy=RemovalPolicy.DESTROY,
        )
        return apigateway.CfnStage(
            self,
            "default",
            api_id=self._id,
            stage_name="$default",
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

    def _mapping(self, name: str, domain: Domain, served: apigateway.CfnStage) -> None:
        """A name of one's own; with a truststore, only clients whose certificate it can vouch for come in."""
        trust = apigateway.CfnDomainName.MutualTlsAuthenticationProperty(truststore_uri=domain.truststore)
        made = apigateway.CfnDomainName(
            self,
            f"{name}-domain",
            domain_name=domain.name,
            domain_name_configurations=[
                apigateway.CfnDomainName.DomainNameConfigurationProperty(
                    certificate_arn=domain.certificate_arn, endpoint_type="REGIONAL", security_policy="TLS_1_2"
                )
            ],
            mutual_tls_authentication=trust if domain.truststore else None,
        )
        mapping = apigateway.CfnApiMapping(
            self, f"{name}-mapping", api_id=self._id, domain_name=made.ref, stage=served.ref
        )
        mapping.add_resource_dependency(served)
        CfnOutput(self, f"{name}-target", value=made.attr_regional_domain_name, description=f"CNAME of {domain.name}")
