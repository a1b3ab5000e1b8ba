"""Where the bytes of a version lie: in its row up to 32 KiB, else in the store of large values with a reference here."""

from llm_config.adapters.dynamodb.items import Item
from llm_config.ports.large_values import LargeValues
from llm_config_domain.names import TenantId

INLINE_BYTES = 32 * 1024


class Contents:
    def __init__(self, large: LargeValues) -> None:
        self._large = large

    def kept(self, tenant: TenantId, value: str | bytes) -> Item:
        """The attributes that stand for `value`. A large one is durable when this returns, before its row is written."""
        raw = value.encode() if isinstance(value, str) else value
        return {"value": value} if len(raw) <= INLINE_BYTES else {"reference": self._large.put(tenant, raw)}

    def text(self, tenant: TenantId, item: Item) -> str:
        return self._large.get(tenant, item["reference"]).decode() if "reference" in item else item["value"]

    def blob(self, tenant: TenantId, item: Item) -> bytes:
        return self._large.get(tenant, item["reference"]) if "reference" in item else item["value"]

    def erase(self, tenant: TenantId, item: Item) -> None:
        """What lies beside the row is gone when this returns; what lies in the row goes with it."""
        if "reference" in item:
            self._large.delete(tenant, item["reference"])
