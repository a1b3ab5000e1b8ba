"""CloudFront and a web firewall before the public domain. Firewalls of CloudFront are in us-east-1, so this stack is."""

from aws_cdk import CfnOutput, Duration, Environment
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as waf
from constructs import Construct

from llm_config_cdk.rules import acknowledge
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stages import Domain, Edge, Stage

MANAGED_RULES = ("AWSManagedRulesAmazonIpReputationList", "AWSManagedRulesKnownBadInputsRuleSet")
"""Not the common rule set: it refuses bodies over 8 KB and texts that look like code, which configs and prompts are."""


class EdgeStack(StageStack):
    def __init__(self, scope: Construct, stage: Stage, edge: Edge, origin: Domain) -> None:
        super().__init__(scope, stage, "edge", env=Environment(region="us-east-1"))
        certificate = acm.Certificate.from_certificate_arn(self, "certificate", edge.certificate_arn)
        self.distribution = cloudfront.Distribution(
            self,
            "distribution",
            comment=stage.prefix,
            domain_names=[edge.domain],
            certificate=certificate,
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            web_acl_id=self._firewall(edge).attr_arn,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.HttpOrigin(
                    origin.name,
                    protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                    origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
                ),
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                # An answer is one caller's own: what is cached is cached in functions and clients, by revision.
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            ),
            enable_logging=True,
            log_bucket=self._log_bucket(),
        )
        self._prove_the_way(edge)
        acknowledge(self.distribution, "CFR1")
        CfnOutput(
            self, "target", value=self.distribution.distribution_domain_name, description=f"CNAME of {edge.domain}"
        )

    def _prove_the_way(self, edge: Edge) -> None:
        """The distribution shows the origin a certificate that nobody else has."""
        raw = self.distribution.node.default_child
        raw.add_property_override(
            "DistributionConfig.Origins.0.CustomOriginConfig.OriginMtlsConfig",
            {"ClientCertificateArn": edge.client_certificate_arn},
        )

    def _log_bucket(self) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "logs",
            encryption=s3.BucketEncryption.S3_MANAGED,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            # CloudFront delivers its logs by an ACL, which is why this bucket alone has one.
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
            enforce_ssl=True,
            lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(self.stage.log_days))],
            removal_policy=self.at_the_end,
        )
        acknowledge(bucket, "S1")
        return bucket

    def _firewall(self, edge: Edge) -> waf.CfnWebACL:
        managed = [
            _rule(
                name,
                order,
                statement={"managedRuleGroupStatement": {"vendorName": "AWS", "name": name}},
                override_action={"none": {}},
            )
            for order, name in enumerate(MANAGED_RULES, start=1)
        ]
        limit = {"rateBasedStatement": {"aggregateKeyType": "IP", "limit": edge.requests_per_client}}
        return waf.CfnWebACL(
            self,
            "firewall",
            name=self.stage.prefix,
            scope="CLOUDFRONT",
            default_action={"allow": {}},
            visibility_config=_visible(self.stage.prefix),
            rules=[_rule("one-address", 0, statement=limit, action={"block": {}}), *managed],
        )


def _rule(name: str, order: int, **told: object) -> dict[str, object]:
    return {"name": name, "priority": order, "visibilityConfig": _visible(name), **told}


def _visible(name: str) -> dict[str, object]:
    return {"cloudWatchMetricsEnabled": True, "sampledRequestsEnabled": False, "metricName": name}
