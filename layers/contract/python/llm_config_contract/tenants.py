"""Tenants on the wire."""

from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from llm_config_contract.wire import IdempotencyKey, Wire, from_header, from_path
from llm_config_domain import names


def _id_or_name(text: str) -> str:
    return text if names.is_tenant_id(text) else names.check_tenant_name(text)


class CreateTenantRequest(Wire):
    later: ClassVar[frozenset[str]] = frozenset({"quotas"})

    name: Annotated[str, AfterValidator(names.check_tenant_name)]
    tier: Literal["free", "standard", "premium", "enterprise"] = "standard"
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)


class GetTenantRequest(Wire):
    id: Annotated[str, AfterValidator(_id_or_name)] = from_path()

    @property
    def resource_id(self) -> str:
        return self.id


class TenantView(Wire):
    id: str
    name: str
    tier: str
    status: Annotated[str, Field(description="active or suspended")]
    created_at: str
    created_by: str
