"""Making a tenant's KMS key. Its alias is made of the tenant's id, so that a second call finds the first one's key."""

from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

SHORTEST_DELETION_DAYS = 7
TENANT = "<tenant>"
"""Stands for the tenant's id in the policy that the deployment gives."""


class KmsTenantKeys:
    """Implements `tenant_keys`; the id of a key is its ARN.

    `prefix` tells apart the deployments of one account. `policy` is JSON text: who may use a tenant's key, and for whose
    values; left out, the account's identity policies alone decide.
    """

    def __init__(self, client: "KMSClient", prefix: str, policy: str = "") -> None:
        self._client, self._prefix, self._policy = client, prefix, policy

    def create(self, tenant: TenantId) -> str:
        try:
            return self._existing(tenant) or self._new(tenant)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the tenant's encryption key cannot be made now") from error

    def _existing(self, tenant: TenantId) -> str | None:
        try:
            return self._client.describe_key(KeyId=self._alias(tenant))["KeyMetadata"]["Arn"]
        except self._client.exceptions.NotFoundException:
            return None

    def _new(self, tenant: TenantId) -> str:
        made = self._client.create_key(
            Description=f"LLM-Config-Manager tenant {tenant}",
            KeySpec="SYMMETRIC_DEFAULT",  # said outright: a role is held to what its request says
            KeyUsage="ENCRYPT_DECRYPT",
            Tags=[{"TagKey": "llm-config:tenant", "TagValue": tenant}],
            **self._bound_to(tenant),
        )["KeyMetadata"]
        try:
            self._client.create_alias(AliasName=self._alias(tenant), TargetKeyId=made["KeyId"])
        except self._client.exceptions.AlreadyExistsException:
            # Another call was faster and its key has the alias; this one has sealed nothing and never will.
            self._client.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=SHORTEST_DELETION_DAYS)
            return self._client.describe_key(KeyId=self._alias(tenant))["KeyMetadata"]["Arn"]
        return made["Arn"]

    def _alias(self, tenant: TenantId) -> str:
        return f"alias/{self._prefix}{tenant}"

    def _bound_to(self, tenant: TenantId) -> dict[str, Any]:
        return {"Policy": self._policy.replace(TENANT, tenant)} if self._policy else {}
