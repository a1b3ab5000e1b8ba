"""The keys of who watches over a connection."""

from llm_config.adapters.dynamodb.keys import LAST, Key, Range
from llm_config_domain.names import TenantId
from llm_config_domain.watchers import Watcher

_TENANTS = "WATCHING"
TENANTS = Range(_TENANTS, "0", LAST)


def tenant(tenant_id: TenantId) -> Key:
    """That a tenant has some."""
    return Key("counters", _TENANTS, tenant_id)


def watcher(watcher: Watcher) -> Key:
    return watcher_at(watcher.tenant, watcher.opened_at, watcher.connection)


def watcher_at(tenant_id: TenantId, opened_at: str, connection: str) -> Key:
    return Key("counters", f"T#{tenant_id}#K", f"{opened_at}#{connection}")


def opened_since(tenant_id: TenantId, moment: str) -> Range:
    return Range(f"T#{tenant_id}#K", moment, LAST)


def connection(connection_id: str) -> Key:
    """Whose a connection is, and where among theirs."""
    return Key("counters", f"CONNECTION#{connection_id}", "CONNECTION")
