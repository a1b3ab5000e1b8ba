"""An export that was too large for an answer, made: the same bundle, with the same proof."""

from llm_config.operations.audit.answers import actors_of, actors_record, from_tree, signed_checkpoint
from llm_config.operations.audit.ranges import leaves_of
from llm_config.operations.operation import Answer, Task, Trigger
from llm_config.ports.audit_exports import AuditExports
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config.ports.audit_subjects import AuditSubjects
from llm_config_contract.audit import MakeAuditExportRequest
from llm_config_domain.audit import tree
from llm_config_domain.audit.bundles import export_lines
from llm_config_domain.audit.exports import ExportOrder, bundle_text
from llm_config_domain.names import TenantId


def make_audit_export(
    request: MakeAuditExportRequest,
    *,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_exports: AuditExports,
    audit_subjects: AuditSubjects,
) -> Answer:
    tenant, first, last, size = TenantId(request.tenant), request.first, request.last, request.size
    order = ExportOrder(tenant, request.begin, request.end, first, last, size, request.at)
    hashes = from_tree(tenant, audit_reader, lambda lookup: tree.range_proof(first, last, size, lookup))
    leaves = list(leaves_of(tenant, first, last, audit_reader))
    actors = actors_record(actors_of(tenant, leaves, audit_subjects))
    lines = export_lines(first, last, request.begin, request.end, actors, request.at)
    signed = signed_checkpoint(tenant, size, audit_reader, audit_signer, lines)
    audit_exports.put(order, bundle_text(leaves, first, hashes, signed, actors))
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
