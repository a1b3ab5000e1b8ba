from collections.abc import Callable
from typing import Protocol

from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry
from llm_config_domain.names import TenantId
from llm_config_domain.tenants import Tenant
from llm_config_domain.versions import Committed


class TenantWriter(Protocol):
    def create(
        self,
        tenant: Tenant,
        make_key: Callable[[TenantId], str],
        *,
        entry: JournalEntry,
        idempotency: Idempotency | None,
    ) -> Committed[Tenant]:
        """Write the tenant, its journal entry and its idempotency row in one transaction, durable when it returns.

        An attempt at this name that came to no end is taken up: the tenant gets the id that it had, and `entry` is told of
        that one. So a key that was made before a crash is found, and not made a second time.
        `make_key` is called with that id once the name is free and before the tenant is written, so no tenant is without
        its key; what it returns becomes the tenant's `key_id`.
        Raises Conflict when the name is taken, IdempotencyMismatch, Unavailable; then nothing was written.
        """
        ...
