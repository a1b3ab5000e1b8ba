"""What was recorded in a time, the newest first."""

from llm_config.operations.audit.answers import actors_of, entry_view
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.operations.pages import Paging, fill
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_subjects import AuditSubjects
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.audit import AuditPage, ListAuditEntriesRequest
from llm_config_domain.audit.entries import AuditQuery


def list_audit_entries(
    request: ListAuditEntriesRequest,
    context: Context,
    *,
    tenant_reader: TenantReader,
    audit_reader: AuditReader,
    audit_subjects: AuditSubjects,
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    paging, tenant = Paging(request, context, int), context.caller.tenant
    query = AuditQuery(request.begin, request.end, request.event_type, request.actor, request.namespace)
    found, place = fill(
        paging.limit,
        paging.place or (audit_reader.caught_up(tenant),),
        lambda before, limit: audit_reader.find(tenant, query, before[0], limit),
        lambda leaf: (leaf.index,),
        lambda leaf: True,
    )
    page = AuditPage(
        items=[entry_view(leaf) for leaf in found],
        next_cursor=paging.cursor(place),
        actors={alias: known.name for alias, known in actors_of(tenant, found, audit_subjects).items()},
    )
    return Answer(page, metadata={"items": len(found)})


LIST_AUDIT_ENTRIES = Operation(
    name="list_audit_entries",
    summary="List what was recorded in a time, the newest first",
    action="audit:list",
    method="GET",
    path="/api/v1/audit-entries",
    request=ListAuditEntriesRequest,
    response=AuditPage,
    run=list_audit_entries,
    recorded=Recorded.BEHIND,
    event_type="audit.listed",
    refusals=(404,),
)
