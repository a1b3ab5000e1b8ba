"""Every entry of a time, hashed anew, against the tree; and the tree against the largest checkpoint that was published.

This is the service's own word. Who does not want to take it exports the same and verifies it elsewhere.
"""

from llm_config.operations.audit.answers import from_tree
from llm_config.operations.audit.ranges import checked_span, hashes_of
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.audit_checkpoints import AuditCheckpoints
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.audit import AuditVerification, VerifyAuditRequest
from llm_config_domain.audit import tree
from llm_config_domain.audit.checkpoints import Checkpoint, origin_of, size_in
from llm_config_domain.names import TenantId

MAX_ENTRIES = 100_000
CHANGED = "entries are not those that were recorded"
FORKED = "the tree is not the one that was published"
ROLLED_BACK = "the tree is older than what was published"


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
    leaves = hashes_of(tenant, first, last, audit_reader)
    beside = from_tree(tenant, audit_reader, lambda lookup: tree.range_proof(first, last, size, lookup))
    made = tree.root_of_range(first, leaves, size, beside)
    root = from_tree(tenant, audit_reader, lambda lookup: tree.root(size, lookup))
    reason = CHANGED if made != root else _contradiction(tenant, size, audit_reader, audit_signer, audit_checkpoints)
    told = AuditVerification(valid=reason is None, checked=len(leaves), root=root.hex(), reason=reason)
    return Answer(told, metadata={"valid": told.valid, "checked": told.checked})


def _contradiction(
    tenant: TenantId,
    size: int,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_checkpoints: AuditCheckpoints,
) -> str | None:
    """What is wrong with the tree beside the largest checkpoint published. Ed25519 signs the same twice the same
    (RFC 8032), so the note of then is the note of now where nothing was changed."""
    published = audit_checkpoints.latest(tenant)
    if published is None:
        return None
    then = size_in(published)
    if then > size:
        return ROLLED_BACK
    root = from_tree(tenant, audit_reader, lambda lookup: tree.root(then, lookup))
    again = audit_signer.sign(Checkpoint(origin_of(tenant), then, root))
    return None if again.note == published else FORKED


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
