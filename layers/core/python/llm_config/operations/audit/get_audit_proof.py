"""That one entry stands in the tree: the entry, its path to the root, and the root, signed; or that it is promised."""

from typing import Literal

from llm_config.operations.audit.answers import (
    actors_of,
    actors_view,
    checkpoint_view,
    entry_view,
    from_tree,
    hexadecimal,
    signed_checkpoint,
)
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config.ports.audit_subjects import AuditSubjects
from llm_config.ports.receipt_signer import ReceiptSigner
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.audit import AuditProof, AuditProofAnswer, GetAuditProofRequest, PendingAuditProof
from llm_config_domain.audit import tree
from llm_config_domain.audit.receipts import from_header, read
from llm_config_domain.errors import NotFound


def get_audit_proof(
    request: GetAuditProofRequest,
    context: Context,
    *,
    tenant_reader: TenantReader,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_subjects: AuditSubjects,
    receipt_signer: ReceiptSigner,
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    tenant = context.caller.tenant
    size = audit_reader.caught_up(tenant)
    try:
        leaf = audit_reader.leaf(tenant, request.entry_id)
    except NotFound:
        return _pending(request, context, receipt_signer)
    size = max(size, leaf.index + 1)  # it was appended meanwhile
    path = from_tree(tenant, audit_reader, lambda lookup: tree.inclusion(leaf.index, size, lookup))
    signed = signed_checkpoint(tenant, size, audit_reader, audit_signer)
    proof = AuditProof(
        entry=entry_view(leaf),
        leaf_index=leaf.index,
        hashes=hexadecimal(path),
        checkpoint=checkpoint_view(signed),
        actors=actors_view(actors_of(tenant, [leaf], audit_subjects)),
    )
    return Answer(proof, metadata={"tree_size": size})


def _pending(request: GetAuditProofRequest, context: Context, receipt_signer: ReceiptSigner) -> Answer:
    """Raises NotFound, unless it was promised to this tenant: who signs the same again has the same note."""
    absent = NotFound("there is no such entry")
    try:
        note = from_header(request.receipt or "")
        receipt = read(note.partition("\n\n")[0])
    except ValueError:
        raise absent from None
    if (receipt.tenant, receipt.entry_id) != (context.caller.tenant, request.entry_id):
        raise absent
    if receipt_signer.sign(receipt) != note:
        raise absent
    status: Literal["pending", "overdue"] = "pending" if context.entry.at <= receipt.merged_by else "overdue"
    told = PendingAuditProof(entry_id=receipt.entry_id, status=status, merged_by=receipt.merged_by)
    return Answer(told, accepted=True, metadata={"status": status})


GET_AUDIT_PROOF = Operation(
    name="get_audit_proof",
    summary="Prove that an entry stands in the tree",
    action="audit:read",
    method="GET",
    path="/api/v1/audit-proofs/{entry_id}",
    request=GetAuditProofRequest,
    response=AuditProofAnswer,
    run=get_audit_proof,
    recorded=Recorded.BEHIND,
    event_type="audit.proof",
    success=(200, 202),
    refusals=(404,),
)
