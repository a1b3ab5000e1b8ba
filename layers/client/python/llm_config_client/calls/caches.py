"""The caches of a tenant's configs."""

from llm_config_client.calls.options import given
from llm_config_client.core import Call, Route, call
from llm_config_contract.caches import CachesPurged, PurgeCachesRequest

PURGE_CACHES = Route("POST", "/api/v1/cache-purges", PurgeCachesRequest, CachesPurged)


def purge_caches(*, reason: str | None = None, idempotency_key: str | None = None) -> Call[CachesPurged]:
    """Make every cache of your configs begin anew: for the day on which one of them is not believed."""
    return call(PURGE_CACHES, given(locals()))
