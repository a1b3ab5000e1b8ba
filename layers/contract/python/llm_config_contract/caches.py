"""Caches on the wire."""

from typing import Annotated

from pydantic import Field

from llm_config_contract.wire import IdempotencyKey, Reason, Wire, from_header


class PurgeCachesRequest(Wire):
    reason: Reason | None = None
    idempotency_key: IdempotencyKey | None = from_header("Idempotency-Key", min_length=1, max_length=255)

    @property
    def resource_id(self) -> str:
        return "configs"


class CachesPurged(Wire):
    generation: Annotated[int, Field(ge=1, description="how often the tenant's caches were purged")]
    purged_at: str
