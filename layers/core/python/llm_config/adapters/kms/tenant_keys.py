"""The tenants' KMS keys: made, put out of use, and let go. A key's alias is made of the tenant's id, so that a second call
finds the first one's key.
"""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from llm_config.adapters.kms.key_policy import KeyRoles, key_policy
from llm_config_domain import times
from llm_config_domain.errors import Conflict, NotFound, Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.tenants import Tier

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_kms.type_defs import KeyMetadataTypeDef

SHORTEST_DELETION_DAYS = 7
ROTATION_DAYS = range(90, 2561)
"""EnableKeyRotation's RotationPeriodInDays."""
TENANT_TAG = "llm-config:tenant"
_PENDING = "PendingDeletion"


@dataclass(frozen=True, slots=True)
class KeyRules:
    """How keys are made. `aliases` begins their names and ends with `/`; without `roles` a key has KMS's default policy,
    under which the account's IAM policies decide alone. `shared_key` is the ARN of the one key of `shared_tiers`.

    Raises ValueError for what KMS would refuse, or nobody can have meant.
    """

    aliases: str = "alias/llm-config/"
    rotation_days: int = 365
    roles: KeyRoles | None = None
    shared_key: str = ""
    shared_tiers: Set[str] = frozenset()

    def __post_init__(self) -> None:
        if self.shared_tiers and not self.shared_key:
            raise ValueError("tiers share a key: name it")
        if not self.shared_tiers <= set(Tier):
            raise ValueError("a tier that shares a key is none of ours")
        if self.rotation_days not in ROTATION_DAYS:
            raise ValueError("a key rotates every 90 to 2560 days")


class KmsTenantKeys:
    """Implements `tenant_keys`; the id of a key is its ARN."""

    def __init__(self, client: "KMSClient", rules: KeyRules) -> None:
        self._client, self._rules = client, rules

    def create(self, tenant: TenantId, tier: Tier) -> str:
        if tier in self._rules.shared_tiers:
            return self._rules.shared_key
        with _translated():
            existing = self._existing(tenant)
            return existing["Arn"] if existing else self._new(tenant)

    def disable(self, tenant: TenantId) -> None:
        with _translated():
            self._client.disable_key(KeyId=self._staying(tenant)["KeyId"])

    def enable(self, tenant: TenantId) -> None:
        with _translated():
            self._client.enable_key(KeyId=self._staying(tenant)["KeyId"])

    def schedule_deletion(self, tenant: TenantId, days: int) -> str:
        with _translated():
            key = self._own(tenant)
            if key["KeyState"] == _PENDING:
                return times.rfc3339(key["DeletionDate"])
            told = self._client.schedule_key_deletion(KeyId=key["KeyId"], PendingWindowInDays=days)
            return times.rfc3339(told["DeletionDate"])

    def cancel_deletion(self, tenant: TenantId) -> None:
        with _translated():
            key = self._own(tenant)
            if key["KeyState"] == _PENDING:
                self._client.cancel_key_deletion(KeyId=key["KeyId"])

    def _existing(self, tenant: TenantId) -> "KeyMetadataTypeDef | None":
        try:
            return self._client.describe_key(KeyId=self._alias(tenant))["KeyMetadata"]
        except self._client.exceptions.NotFoundException:
            return None

    def _own(self, tenant: TenantId) -> "KeyMetadataTypeDef":
        """By its alias, which a shared key has of no tenant."""
        found = self._existing(tenant)
        if found is None:
            raise NotFound("the tenant has no encryption key of its own")
        return found

    def _staying(self, tenant: TenantId) -> "KeyMetadataTypeDef":
        key = self._own(tenant)
        if key["KeyState"] == _PENDING:
            raise Conflict("the tenant's encryption key is to be deleted: cancel that first")
        return key

    def _new(self, tenant: TenantId) -> str:
        made = self._client.create_key(
            Description=f"LLM-Config-Manager: seals the secrets of tenant {tenant}",
            KeySpec="SYMMETRIC_DEFAULT",  # said outright: a role is held to what its request says
            KeyUsage="ENCRYPT_DECRYPT",
            Tags=[{"TagKey": TENANT_TAG, "TagValue": tenant}],
            **self._policy(tenant),
        )["KeyMetadata"]
        # The alias comes last: a key that is found by it is complete.
        self._client.enable_key_rotation(KeyId=made["KeyId"], RotationPeriodInDays=self._rules.rotation_days)
        try:
            self._client.create_alias(AliasName=self._alias(tenant), TargetKeyId=made["KeyId"])
        except self._client.exceptions.AlreadyExistsException:
            # Another call was faster and its key has the alias; this one has sealed nothing and never will.
            self._client.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=SHORTEST_DELETION_DAYS)
            return self._own(tenant)["Arn"]
        return made["Arn"]

    def _policy(self, tenant: TenantId) -> dict[str, Any]:
        """KMS's safety check wants the maker to be able to change the policy later: here only administrators can."""
        if self._rules.roles is None:
            return {}
        return {"Policy": key_policy(tenant, self._rules.roles), "BypassPolicyLockoutSafetyCheck": True}

    def _alias(self, tenant: TenantId) -> str:
        return f"{self._rules.aliases}{tenant}"


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise Unavailable("the tenant's encryption key cannot be reached now") from error
