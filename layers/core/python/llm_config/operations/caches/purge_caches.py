"""Make every cache of a tenant's configs begin anew: for the day on which one of them is not believed."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.ports.cache_purger import CachePurger
from llm_config_contract.caches import CachesPurged, PurgeCachesRequest


def purge_caches(request: PurgeCachesRequest, context: Context, *, cache_purger: CachePurger) -> Answer:
    entry = context.entry.with_metadata(reason=request.reason)
    done = cache_purger.purge(context.caller.tenant, entry=entry, idempotency=context.idempotency)
    purge = done.version
    return Answer(CachesPurged(generation=purge.generation, purged_at=purge.at), replayed=done.replayed)


PURGE_CACHES = Operation(
    name="purge_caches",
    summary="Make every cache of your configs begin anew",
    action="caches:write",
    method="POST",
    path="/api/v1/cache-purges",
    request=PurgeCachesRequest,
    response=CachesPurged,
    run=purge_caches,
    recorded=Recorded.WITH_CHANGE,
    event_type="cache.write",
)
