"""The audit's database and the shared cache, in a network without a way out but for who asks the audit's witnesses. All by
setting; only functions whose ports need what stands here stand here too.
"""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_elasticache as elasticache
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct

from llm_config_cdk.rules import acknowledge
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stages import AuditDatabase, Network, Stage

INTERFACES = {
    "kms": ec2.InterfaceVpcEndpointAwsService.KMS,
    "events": ec2.InterfaceVpcEndpointAwsService.EVENTBRIDGE,
    "logs": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    "secretsmanager": ec2.InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
    "sqs": ec2.InterfaceVpcEndpointAwsService.SQS,
}
GATEWAYS = {"dynamodb": ec2.GatewayVpcEndpointAwsService.DYNAMODB, "s3": ec2.GatewayVpcEndpointAwsService.S3}
AUDIT_PORT, CACHE_PORT = 5480, 6379
"""Not PostgreSQL's own port: whoever looks for databases looks there first."""
INSIDE, OUTWARD = ec2.SubnetSelection(subnet_group_name="inside"), ec2.SubnetSelection(subnet_group_name="outward")
WAY_OUT = (
    ec2.SubnetConfiguration(name="outward", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=26),
    ec2.SubnetConfiguration(
        name="public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=28, map_public_ip_on_launch=False
    ),
)
MAX_CACHE_GIB, MAX_CACHE_UNITS = 5, 10_000


class NetworkAndDataStack(StageStack):
    def __init__(self, scope: Construct, stage: Stage, network: Network, platform_key: kms.IKey) -> None:
        self._zones = network.zones
        super().__init__(scope, stage, "network-and-data")
        self._key = platform_key
        self.vpc = self._network(network)
        self.inside = ec2.SecurityGroup(
            self, "inside", vpc=self.vpc, allow_all_outbound=False, description="Functions that stand in the network"
        )
        self._endpoints()
        self.audit_host = self._audit_database(network.audit_database) if network.audit_database else ""
        self.cache_host = self._shared_cache() if network.shared_cache else ""

    @property
    def availability_zones(self) -> list[str]:
        """By letter, so that a synthesis asks no account which there are."""
        return [f"{self.region}{letter}" for letter in self._zones]

    def _network(self, network: Network) -> ec2.Vpc:
        witnessed = bool(network.audit_database and network.audit_database.witnesses)
        vpc = ec2.Vpc(
            self,
            "vpc",
            ip_addresses=ec2.IpAddresses.cidr(network.cidr),
            nat_gateways=1 if witnessed else 0,
            restrict_default_security_group=False,
            subnet_configuration=[
                ec2.SubnetConfiguration(name="inside", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=22),
                *(WAY_OUT if witnessed else ()),
            ],
        )
        log = logs.LogGroup(self, "flows", retention=logs.RetentionDays.ONE_MONTH, removal_policy=RemovalPolicy.DESTROY)
        vpc.add_flow_log("flow-log", destination=ec2.FlowLogDestination.to_cloud_watch_logs(log))
        return vpc

    def _endpoints(self) -> None:
        for name, gateway in GATEWAYS.items():
            self.vpc.add_gateway_endpoint(name, service=gateway)
        # Gateways have no address of their own, so the rule names none: from inside nothing else that it allows can be reached.
        self.inside.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "What functions reach through gateways")
        entrance = self._group("endpoints", "What functions reach of AWS", 443)
        for name, service in INTERFACES.items():
            self.vpc.add_interface_endpoint(
                name, service=service, security_groups=[entrance], open=False, subnets=INSIDE
            )

    def _group(self, name: str, description: str, port: int) -> ec2.SecurityGroup:
        """Who is inside may come to this port, and nothing goes out from it."""
        group = ec2.SecurityGroup(self, name, vpc=self.vpc, allow_all_outbound=False, description=description)
        group.add_ingress_rule(self.inside, ec2.Port.tcp(port), "functions of this network")
        self.inside.add_egress_rule(group, ec2.Port.tcp(port), description)
        return group

    def _audit_database(self, database: AuditDatabase) -> str:
        """Where it is. Functions log in by IAM, with no password and no proxy; the owner's is in Secrets Manager, for
        the one function that migrates."""
        cluster = rds.DatabaseCluster(
            self,
            "audit",
            engine=rds.DatabaseClusterEngine.aurora_postgres(version=rds.AuroraPostgresEngineVersion.VER_17_5),
            writer=rds.ClusterInstance.serverless_v2("writer", auto_minor_version_upgrade=True),
            serverless_v2_min_capacity=database.min_capacity,
            serverless_v2_max_capacity=database.max_capacity,
            vpc=self.vpc,
            vpc_subnets=INSIDE,
            security_groups=[self._group("audit-entrance", "Audit database", AUDIT_PORT)],
            port=AUDIT_PORT,
            default_database_name="audit",
            iam_authentication=True,
            credentials=rds.Credentials.from_generated_secret(
                "owner", secret_name=self.place.audit_owner, encryption_key=self._key
            ),
            storage_encryption_key=self._key,
            backup=rds.BackupProps(retention=Duration.days(database.backup_days)),
            cloudwatch_logs_exports=["postgresql"],
            deletion_protection=self.stage.protected,
            removal_policy=RemovalPolicy.SNAPSHOT if self.stage.protected else RemovalPolicy.DESTROY,
        )
        acknowledge(cluster, "SMG4")
        return str(cluster.cluster_endpoint.hostname)

    def _shared_cache(self) -> str:
        """Where Valkey is; who may log in is said by IAM. It holds no plaintext of secrets, so a lost cache is only slow."""
        name = self.place.shared_cache_name
        user = elasticache.CfnUser(
            self,
            "cache-user",
            engine="valkey",
            user_id=name,
            user_name=name,
            access_string=f"on ~{self.place.table_prefix}* -@all +hmget +hset +expire +eval",
            authentication_mode={"Type": "iam"},
        )
        group = elasticache.CfnUserGroup(
            self, "cache-users", engine="valkey", user_group_id=f"{name}-users", user_ids=[user.ref]
        )
        units = elasticache.CfnServerlessCache
        cache = units(
            self,
            "cache",
            serverless_cache_name=name,
            engine="valkey",
            major_engine_version="8",
            security_group_ids=[self._group("cache-entrance", "The shared cache", CACHE_PORT).security_group_id],
            subnet_ids=[subnet.subnet_id for subnet in self.vpc.isolated_subnets],
            user_group_id=group.ref,
            kms_key_id=self._key.key_arn,
            cache_usage_limits=units.CacheUsageLimitsProperty(
                data_storage=units.DataStorageProperty(unit="GB", maximum=MAX_CACHE_GIB),
                ecpu_per_second=units.ECPUPerSecondProperty(maximum=MAX_CACHE_UNITS),
            ),
        )
        return str(cache.attr_endpoint_address)
