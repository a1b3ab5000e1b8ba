"""Look for configs and secrets by their names, wherever they stand.

It is a listing of both kinds, so whoever may list something of either there may ask, as for namespaces (`namespaces:list`
has no rules of its own, ADR 14); each thing then shows if its own listing would show it to the caller. One that may not be
shown leaves a page shorter, exactly as if it were not there.
"""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.operations.pages import Paging, fill
from llm_config.ports.name_index import NameIndex
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.names import FoundName, FoundNames, SearchNamesRequest
from llm_config_domain.name_index import IndexedMetadata, Kind, NameQuery, is_tagged, words_of


def search_names(
    request: SearchNamesRequest, context: Context, *, tenant_reader: TenantReader, name_index: NameIndex
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    paging, tenant = Paging(request, context, str, str, str, str), context.caller.tenant
    kind = Kind(request.kind) if request.kind else None
    query = NameQuery(words_of(request.q), request.namespace, request.environment, kind)

    def keep(entry: IndexedMetadata) -> bool:
        tagged = request.tag is None or is_tagged(entry.tags, request.tag)
        return tagged and context.allows("list", entry.indexed.name, entry.indexed.kind.resources)

    as_of = name_index.as_of(tenant)  # before the names: an answer may be newer than it says, never older
    found, place = fill(
        paging.limit,
        paging.place,
        lambda after, limit: name_index.search(tenant, query, after, limit),
        lambda entry: entry.place,
        keep,
    )
    page = FoundNames(items=[_view(entry) for entry in found], next_cursor=paging.cursor(place), as_of=as_of)
    return Answer(page, metadata={"items": len(found)})


def _view(entry: IndexedMetadata) -> FoundName:
    name = entry.indexed.name
    return FoundName(
        kind=entry.indexed.kind.value,
        path=name.path,
        namespace=name.namespace,
        key=name.key,
        environment=name.environment,
        **{**entry.to_record(), "tags": dict(entry.tags)},
    )


SEARCH_NAMES = Operation(
    name="search_names",
    summary="Look for configs and secrets by their names",
    action="namespaces:list",
    method="GET",
    path="/api/v1/search",
    request=SearchNamesRequest,
    response=FoundNames,
    run=search_names,
    recorded=Recorded.BEHIND,
    event_type="name.searched",
)
