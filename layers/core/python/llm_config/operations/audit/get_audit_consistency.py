"""That a later tree begins with an earlier one: nothing was changed, removed or put in between."""

from llm_config.operations.audit.answers import from_tree, hexadecimal
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.audit import AuditConsistency, GetAuditConsistencyRequest
from llm_config_domain.audit import tree
from llm_config_domain.errors import Malformed, NotFound


def get_audit_consistency(
    request: GetAuditConsistencyRequest, context: Context, *, tenant_reader: TenantReader, audit_reader: AuditReader
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    old, new, tenant = request.old, request.new, context.caller.tenant
    if old > new:
        raise Malformed("`from` is the smaller tree and `to` the larger one")
    if new > audit_reader.caught_up(tenant):
        raise NotFound("the tree has not as many leaves yet")
    hashes = from_tree(tenant, audit_reader, lambda lookup: tree.consistency(old, new, lookup))
    return Answer(AuditConsistency(hashes=hexadecimal(hashes)), metadata={"from": old, "to": new})


GET_AUDIT_CONSISTENCY = Operation(
    name="get_audit_consistency",
    summary="Prove that a later tree begins with an earlier one",
    action="audit:read",
    method="GET",
    path="/api/v1/audit-consistency",
    request=GetAuditConsistencyRequest,
    response=AuditConsistency,
    run=get_audit_consistency,
    recorded=Recorded.BEHIND,
    event_type="audit.consistency",
    refusals=(404,),
)
