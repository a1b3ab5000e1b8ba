"""Purges in DynamoDB: a count on the tenant's row, which every read of pointers reads anyway."""

import json
from dataclasses import replace

from llm_config.adapters.dynamodb import keys, rows
from llm_config.adapters.dynamodb.contention import attempts
from llm_config.adapters.dynamodb.control import ControlRows
from llm_config.adapters.dynamodb.items import Put, unchanged
from llm_config.adapters.dynamodb.store import Lost
from llm_config_domain.caches import Purge
from llm_config_domain.errors import Contended
from llm_config_domain.idempotency import Idempotency
from llm_config_domain.journal import JournalEntry, committed
from llm_config_domain.names import TenantId
from llm_config_domain.tenants import require_active
from llm_config_domain.versions import ChangeType, Committed


class DynamoCachePurges:
    """Implements `cache_purger`."""

    def __init__(self, control: ControlRows) -> None:
        self._rows = control

    def purge(self, tenant: TenantId, *, entry: JournalEntry, idempotency: Idempotency | None) -> Committed[Purge]:
        place = keys.tenant(tenant)
        for _ in attempts(self._rows.clock):
            standing = self._rows.standing(tenant, [], idempotency)
            if standing.earlier is not None:
                return Committed(Purge(**standing.earlier), replayed=True)
            row = standing.found[place]
            was = require_active(rows.tenant_of(row))
            new = replace(was, purges=was.purges + 1)
            done = Purge(new.purges, standing.stamp)
            told = committed(entry, ChangeType.UPDATE, at=done.at, version=new.purges, revision=standing.revision)
            put = Put(place, {"record": json.dumps(new.to_record())}, unchanged(row, "record"))
            try:
                self._rows.commit(standing, [put], told, idempotency=idempotency, result=done.to_record())
            except Lost:
                continue
            return Committed(done)
        raise Contended
