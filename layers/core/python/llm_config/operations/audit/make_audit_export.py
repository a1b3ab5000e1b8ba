"""An export that was too large for an answer, made: the same bundle, with the same proof."""

from llm_config.operations.audit.answers import from_tree, signed_checkpoint
from llm_config.operations.audit.ranges import leaves_of
from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.ports.audit_exports import AuditExports
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config_contract.audit import MakeAuditExportRequest
from llm_config_domain.audit import tree
from llm_config_domain.audit.bundles import range_line
from llm_config_domain.audit.exports import ExportOrder, bundle_text
from llm_config_domain.names import TenantId


def make_audit_export(
    request: MakeAuditExportRequest,
    *,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_exports: AuditExports,
) -> Answer:
    tenant, first, last, size = TenantId(request.tenant), request.first, request.last, request.size
    order = ExportOrder(tenant, request.begin, request.end, first, last, size)
    hashes = from_tree(tenant, audit_reader, lambda lookup: tree.range_proof(first, last, size, lookup))
    line = range_line(first, last, request.begin, request.end)
    signed = signed_checkpoint(tenant, size, audit_reader, audit_signer, (line,))
    content = bundle_text(leaves_of(tenant, first, last, audit_reader), first, hashes, signed)
    audit_exports.put(order, content)
    return Answer(None)


MAKE_AUDIT_EXPORT = Task(
    name="make_audit_export",
    summary="Make an export that was too large for an answer",
    action="audit:read",
    request=MakeAuditExportRequest,
    run=make_audit_export,
    recorded=None,
    trigger=Trigger.QUEUE,
)
"""Who asked for it is on record."""
