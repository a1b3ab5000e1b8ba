from collections.abc import Callable
from typing import Protocol

from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.tenants import Tenant
from llm_config_domain.versions import Committed


class TenantWriter(Protocol):
    def create(
        self,
        tenant: Tenant,
        make_key: Callable[[], str],
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Tenant]:
        """Write the tenant, its journal entry and its idempotency row in one transaction, durable when it returns.

        `make_key` is called once the name is free and before the tenant is written, so no tenant is without its key;
        what it returns becomes the tenant's `key_id`.
        Raises Conflict when the name is taken, IdempotencyMismatch, Unavailable; then nothing was written.
        """
        ...
