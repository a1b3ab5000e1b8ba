"""Making a tenant's KMS key. Its alias is made of the tenant's id, so that a second call finds the first one's key."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

SHORTEST_DELETION_DAYS = 7


class KmsTenantKeys:
    """Implements `tenant_keys`; the id of a key is its ARN."""

    def __init__(self, client: "KMSClient") -> None:
        self._client = client

    def create(self, tenant: TenantId) -> str:
        try:
            return self._existing(tenant) or self._new(tenant)
        except (ClientError, BotoCoreError) as error:
            raise Unavailable("the tenant's encryption key cannot be made now") from error

    def _existing(self, tenant: TenantId) -> str | None:
        try:
            return self._client.describe_key(KeyId=_alias(tenant))["KeyMetadata"]["Arn"]
        except self._client.exceptions.NotFoundException:
            return None

    def _new(self, tenant: TenantId) -> str:
        made = self._client.create_key(
            Description=f"LLM-Config-Manager tenant {tenant}",
            Tags=[{"TagKey": "llm-config:tenant", "TagValue": tenant}],
        )["KeyMetadata"]
        try:
            self._client.create_alias(AliasName=_alias(tenant), TargetKeyId=made["KeyId"])
        except self._client.exceptions.AlreadyExistsException:
            # Another call was faster and its key has the alias; this one has sealed nothing and never will.
            self._client.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=SHORTEST_DELETION_DAYS)
            return self._client.describe_key(KeyId=_alias(tenant))["KeyMetadata"]["Arn"]
        return made["Arn"]


def _alias(tenant: TenantId) -> str:
    return f"alias/llm-config/{tenant}"
