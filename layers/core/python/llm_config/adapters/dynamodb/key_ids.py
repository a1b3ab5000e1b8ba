"""The ids of the tenants' encryption keys, as their rows say.

Every strong read brings the tenant's row with it, so opening or sealing a value needs no call of its own to learn
which key it is under. A tenant's key never changes, so what was seen once holds.
"""

from llm_config.adapters.dynamodb import keys, rows
from llm_config.adapters.dynamodb.store import DynamoStore
from llm_config_domain.errors import Unavailable
from llm_config_domain.names import TenantId
from llm_config_domain.tenants import Tenant

MAX_KEPT = 10_000


class TenantKeyIds:
    def __init__(self, store: DynamoStore) -> None:
        self._store = store
        self._seen: dict[TenantId, str] = {}

    def note(self, tenant: Tenant) -> None:
        if len(self._seen) >= MAX_KEPT:
            self._seen.clear()
        self._seen[tenant.id] = tenant.key_id

    def of(self, tenant_id: TenantId) -> str:
        """Raises Unavailable for a tenant without a key."""
        if tenant_id not in self._seen:
            found = rows.tenant_of(self._store.get(keys.tenant(tenant_id)))
            if found is None:
                raise Unavailable("the tenant's encryption key cannot be used now")
            self.note(found)
        return self._seen[tenant_id]
