"""That one entry stands in the tree: the entry, its path to the root, and the root, signed."""

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
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.audit import AuditProof, GetAuditProofRequest
from llm_config_domain.audit import tree


def get_audit_proof(
    request: GetAuditProofRequest,
    context: Context,
    *,
    tenant_reader: TenantReader,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_subjects: AuditSubjects,
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    tenant = context.caller.tenant
    size, leaf = audit_reader.caught_up(tenant), audit_reader.leaf(tenant, request.entry_id)
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


GET_AUDIT_PROOF = Operation(
    name="get_audit_proof",
    summary="Prove that an entry stands in the tree",
    action="audit:read",
    method="GET",
    path="/api/v1/audit-proofs/{entry_id}",
    request=GetAuditProofRequest,
    response=AuditProof,
    run=get_audit_proof,
    recorded=Recorded.BEHIND,
    event_type="audit.proof",
    refusals=(404,),
)
