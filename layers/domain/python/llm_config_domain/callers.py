"""Who asks: made from a verified credential and from nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from llm_config_domain.names import PLATFORM, TenantId

AUDIENCE = "llm-config"
"""What a token is for when it is for this product."""
API_KEY = "api_key"
SERVICE_ACCOUNT = "service_account"
SYSTEM = "system"
"""The product itself, at work for a tenant. No credential makes such a caller."""


@dataclass(frozen=True, slots=True)
class Caller:
    """`tenant` is the credential's; `attributes` are its further claims, which conditions may read."""

    tenant: TenantId
    subject: str
    roles: frozenset[str]
    actor_type: str = "user"
    credential: str = "jwt"
    attributes: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def is_platform(self) -> bool:
        return self.tenant == PLATFORM

    @property
    def is_lent(self) -> bool:
        """Does the credential come from the product itself, made for a machine? Such a one gives out no others."""
        return self.credential == API_KEY or self.actor_type == SERVICE_ACCOUNT


NOBODY = Caller(PLATFORM, "nobody", frozenset(), actor_type="anonymous", credential="none")
"""Stands where no credential is asked for (health), or none was valid."""


def the_product(tenant: TenantId, part: str) -> Caller:
    """The product at work for `tenant`; `part` says which of its parts (`rotation`). It holds no role: what it may do is
    what its row says."""
    return Caller(tenant, f"{SYSTEM}:{part}", frozenset(), actor_type=SYSTEM, credential="none")


def actor_type_of(roles: frozenset[str], otherwise: str = "user") -> str:
    return SERVICE_ACCOUNT if "service-account" in roles else otherwise


def allowed_namespaces(attributes: Mapping[str, object]) -> tuple[str, ...]:
    """The globs of the attribute `namespaces`: a list of text, or one text with commas. Anything else allows nothing."""
    value = attributes.get("namespaces")
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, list | tuple) or not all(isinstance(glob, str) for glob in value):
        return ()
    return tuple(glob.strip() for glob in value if glob.strip())
