"""A tenant: the wall that nothing crosses."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from llm_config_domain.errors import Unauthenticated
from llm_config_domain.names import TenantId


class Tier(StrEnum):
    FREE = "free"
    STANDARD = "standard"
    PREMIUM = "premium"
    ENTERPRISE = "enterprise"


class Status(StrEnum):
    ACTIVE = "active"
    SUSPENDED = "suspended"


@dataclass(frozen=True, slots=True)
class Tenant:
    """`key_id` names the tenant's own encryption key where keys are kept (a KMS key, or an entry of the key file).
    `purges`: how often it has purged its caches."""

    id: TenantId
    name: str
    tier: Tier
    status: Status
    key_id: str
    created_at: str
    created_by: str
    purges: int = 0

    def to_record(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> "Tenant":
        return cls(**{**record, "tier": Tier(record["tier"]), "status": Status(record["status"])})


def require_active(tenant: Tenant | None) -> Tenant:
    """Raises Unauthenticated for a tenant that is not there or not active: its credentials are worth nothing."""
    if tenant is None or tenant.status is not Status.ACTIVE:
        raise Unauthenticated("the credential's tenant is not active")
    return tenant
