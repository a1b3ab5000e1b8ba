"""What an auditor takes home: every entry of a time, and the proof that these are all of them and none was touched."""

from datetime import timedelta

from llm_config.operations.audit.answers import (
    actors_of,
    actors_record,
    actors_view,
    checkpoint_view,
    entry_view,
    from_tree,
    hexadecimal,
    signed_checkpoint,
)
from llm_config.operations.audit.ranges import checked_span, leaves_of
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.audit_exports import AuditExports
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config.ports.audit_subjects import AuditSubjects
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.audit import AuditExport, AuditExportAnswer, ExportAuditRequest, PendingAuditExport, RangeProof
from llm_config_domain import times
from llm_config_domain.audit import tree
from llm_config_domain.audit.bundles import export_lines
from llm_config_domain.audit.exports import ExportOrder
from llm_config_domain.errors import TooLarge

AT_ONCE = 5_000
"""A Lambda function's answer is at most 6 MB."""
MAX_ENTRIES = 100_000
MAX_DAYS = 31
"""Of an export that is made behind the answer; a small one may be of any time."""


def export_audit(
    request: ExportAuditRequest,
    context: Context,
    *,
    tenant_reader: TenantReader,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_exports: AuditExports,
    audit_subjects: AuditSubjects,
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    tenant, begin, end = context.caller.tenant, request.begin, request.end
    size = audit_reader.caught_up(tenant)
    first, last = checked_span(tenant, begin, end, size, MAX_ENTRIES, audit_reader)
    if last - first > AT_ONCE:
        return _ordered(ExportOrder(tenant, begin, end, first, last, size, context.entry.at), audit_exports)
    hashes = from_tree(tenant, audit_reader, lambda lookup: tree.range_proof(first, last, size, lookup))
    leaves = list(leaves_of(tenant, first, last, audit_reader))
    actors = actors_of(tenant, leaves, audit_subjects)
    lines = export_lines(first, last, begin, end, actors_record(actors), context.entry.at)
    signed = signed_checkpoint(tenant, size, audit_reader, audit_signer, lines)
    export = AuditExport(
        entries=[entry_view(leaf) for leaf in leaves],
        proofs=RangeProof(first_index=first, hashes=hexadecimal(hashes)),
        checkpoint=checkpoint_view(signed),
        actors=actors_view(actors),
    )
    return Answer(export, metadata={"entries": last - first, "tree_size": size})


def _ordered(order: ExportOrder, audit_exports: AuditExports) -> Answer:
    entries = order.last - order.first
    if times.parse(order.end) - times.parse(order.begin) > timedelta(days=MAX_DAYS):
        raise TooLarge(
            f"an export of so many entries is of at most {MAX_DAYS} days: ask for parts", limit=AT_ONCE, current=entries
        )
    place = audit_exports.ask(order)
    pending = PendingAuditExport(
        url=place.url, expires_at=place.expires_at, status="made" if place.made else "pending", entries=entries
    )
    told = {"entries": entries, "tree_size": order.size, "export": order.export_id}
    return Answer(pending, accepted=True, location=place.url, metadata=told)


EXPORT_AUDIT = Operation(
    name="export_audit",
    summary="Export every entry of a time, with the proof that it is whole",
    action="audit:read",
    method="GET",
    path="/api/v1/audit-exports",
    request=ExportAuditRequest,
    response=AuditExportAnswer,
    run=export_audit,
    recorded=Recorded.BEHIND,
    event_type="audit.exported",
    success=(200, 202),
    refusals=(404, 413),
)
