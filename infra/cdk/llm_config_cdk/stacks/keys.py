"""The deployment's own keys: one that encrypts what lies still, one that signs tokens. Tenants' keys are made at run time."""

from typing import Any

from aws_cdk import Aws, Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from llm_config_cdk.policies import key_roles, statement
from llm_config_cdk.rules import acknowledge_wildcards
from llm_config_cdk.service_grants import KEY_ADMINISTRATION
from llm_config_cdk.stack import StageStack
from llm_config_cdk.stages import Stage

STORES = ("dynamodb", "s3", "secretsmanager")


class KeysStack(StageStack):
    def __init__(self, scope: Construct, stage: Stage) -> None:
        super().__init__(scope, stage, "keys")
        self.platform_key = kms.Key(
            self,
            "platform",
            alias=f"alias/{stage.prefix}/platform",
            description=f"{stage.prefix}: tables, buckets, topics and the audit database, as they lie",
            enable_key_rotation=True,
            rotation_period=Duration.days(stage.key_rotation_days),
            removal_policy=self.at_the_end,
        )
        self.platform_key.add_to_resource_policy(self._through_stores())
        self.platform_key.add_to_resource_policy(self._by_alarms())
        # KMS does not rotate keys that sign; a new one is a new issuer key, published beside the old one.
        self.token_key = kms.Key(
            self,
            "tokens",
            alias=f"alias/{stage.prefix}/tokens",
            description=f"{stage.prefix}: signs the service tokens that this deployment gives out",
            key_spec=kms.KeySpec.ECC_NIST_P256,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=self.at_the_end,
        )
        audited = stage.audit_database is not None
        self.audit_key = self._edwards_key("audit", "signs the audit's checkpoints") if audited else None
        self.receipt_key = self._edwards_key("receipts", "signs the receipts of answers") if audited else None
        self.shared_key = self._shared_key() if stage.shared_key_tiers else None
        self._administrator()

    def _administrator(self) -> None:
        """Whom every tenant's key names as the one who may change its policy."""
        told = iam.PolicyStatement.from_json(statement(KEY_ADMINISTRATION, self.place))
        role = iam.Role(
            self,
            "key-administrator",
            role_name=self.place.key_administrator,
            path=f"/{self.stage.prefix}/",
            assumed_by=iam.AccountRootPrincipal(),
            description="Changes who may use the tenants' keys",
            inline_policies={"administration": iam.PolicyDocument(statements=[told])},
        )
        acknowledge_wildcards(role, [KEY_ADMINISTRATION], self.stage.prefix)

    def _edwards_key(self, name: str, does: str) -> kms.Key:
        """Signs by RFC 8032. Like the token key it never rotates: what it signed is verified for years."""
        return kms.Key(
            self,
            name,
            alias=f"alias/{self.stage.prefix}/{name}",
            description=f"{self.stage.prefix}: {does}",
            key_spec=kms.KeySpec.ECC_NIST_EDWARDS25519,
            key_usage=kms.KeyUsage.SIGN_VERIFY,
            removal_policy=self.at_the_end,
        )

    def _shared_key(self) -> kms.Key:
        """Of the tiers that share one: for values of some tenant only, and by functions that seal or unseal only."""
        key = kms.Key(
            self,
            "shared",
            alias=f"alias/{self.stage.prefix}/shared",
            description=f"{self.stage.prefix}: seals the secrets of the tenants that share a key",
            enable_key_rotation=True,
            rotation_period=Duration.days(self.stage.key_rotation_days),
            removal_policy=self.at_the_end,
        )
        seal, unseal = key_roles(self.place)
        sealing = ["kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*", "kms:CreateGrant"]
        for actions, roles in ((sealing, seal), (["kms:Decrypt"], unseal)):
            key.add_to_resource_policy(_forbidden(actions, {"ArnNotLike": {"aws:PrincipalArn": roles}}))
        nobody = {"Null": {"kms:EncryptionContext:tenant": "true"}}
        key.add_to_resource_policy(_forbidden(["kms:Decrypt", "kms:GenerateDataKey*"], nobody))
        return key

    def _through_stores(self) -> iam.PolicyStatement:
        """Whoever may use a table or a bucket may use the key through it, and by no other way."""
        return iam.PolicyStatement(
            principals=[iam.AnyPrincipal()],
            actions=["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
            resources=["*"],
            conditions={
                "StringEquals": {
                    "kms:CallerAccount": Aws.ACCOUNT_ID,
                    "kms:ViaService": [f"{service}.{Aws.REGION}.amazonaws.com" for service in STORES],
                }
            },
        )

    def _by_alarms(self) -> iam.PolicyStatement:
        """CloudWatch puts alarms into an encrypted topic."""
        return iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
        )


def _forbidden(actions: list[str], conditions: dict[str, Any]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=actions,
        resources=["*"],
        conditions=conditions,
    )
