"""What an auditor takes home: every entry of a time, and the proof that these are all of them and none was touched."""

from llm_config.operations.audit.answers import checkpoint_view, entry_view, from_tree, hexadecimal, signed_checkpoint
from llm_config.operations.audit.ranges import checked_span, leaves_of
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.audit import AuditExport, ExportAuditRequest, RangeProof
from llm_config_domain.audit import tree
from llm_config_domain.audit.bundles import range_line

MAX_ENTRIES = 5_000
"""A Lambda function's answer is at most 6 MB."""


def export_audit(
    request: ExportAuditRequest,
    context: Context,
    *,
    tenant_reader: TenantReader,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    tenant, begin, end = context.caller.tenant, request.begin, request.end
    size = audit_reader.caught_up(tenant)
    first, last = checked_span(tenant, begin, end, size, MAX_ENTRIES, audit_reader)
    hashes = from_tree(tenant, audit_reader, lambda lookup: tree.range_proof(first, last, size, lookup))
    signed = signed_checkpoint(tenant, size, audit_reader, audit_signer, (range_line(first, last, begin, end),))
    export = AuditExport(
        entries=[entry_view(leaf) for leaf in leaves_of(tenant, first, last, audit_reader)],
        proofs=RangeProof(first_index=first, hashes=hexadecimal(hashes)),
        checkpoint=checkpoint_view(signed),
    )
    return Answer(export, metadata={"entries": last - first, "tree_size": size})


EXPORT_AUDIT = Operation(
    name="export_audit",
    summary="Export every entry of a time, with the proof that it is whole",
    action="audit:read",
    method="GET",
    path="/api/v1/audit-exports",
    request=ExportAuditRequest,
    response=AuditExport,
    run=export_audit,
    recorded=Recorded.BEHIND,
    event_type="audit.exported",
    refusals=(404, 413),
)
