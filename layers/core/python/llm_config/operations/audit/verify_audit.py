"""Every entry of a time, hashed anew, against the tree; and the tree against the largest checkpoint that was published.

This is the service's own word. Who does not want to take it exports the same and verifies it elsewhere.
"""

from llm_config.operations.audit.ranges import checked_span
from llm_config.operations.audit.verifications import verified
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.audit_checkpoints import AuditCheckpoints
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.audit import AuditVerification, VerifyAuditRequest

MAX_ENTRIES = 100_000


def verify_audit(
    request: VerifyAuditRequest,
    context: Context,
    *,
    tenant_reader: TenantReader,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_checkpoints: AuditCheckpoints,
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    tenant = context.caller.tenant
    size = audit_reader.caught_up(tenant)
    first, last = checked_span(tenant, request.begin, request.end, size, MAX_ENTRIES, audit_reader)
    seen = verified(tenant, first, last, size, audit_reader, audit_signer, audit_checkpoints)
    told = AuditVerification(valid=seen.reason is None, checked=seen.checked, root=seen.root.hex(), reason=seen.reason)
    return Answer(told, metadata={"valid": told.valid, "checked": told.checked})


VERIFY_AUDIT = Operation(
    name="verify_audit",
    summary="Hash every entry of a time anew, and compare it with the tree",
    action="audit:read",
    method="POST",
    path="/api/v1/audit-verifications",
    request=VerifyAuditRequest,
    response=AuditVerification,
    run=verify_audit,
    recorded=Recorded.BEHIND,
    event_type="audit.verified",
    refusals=(404, 413),
)
