"""The signed root of the tree that everything recorded until now is in, cosigned by the deployment's witnesses."""

from collections.abc import Sequence

from llm_config.operations.audit.answers import checkpoint_view, from_tree, signed_checkpoint
from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.audit_checkpoints import AuditCheckpoints
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_signer import AuditSigner
from llm_config.ports.tenant_reader import TenantReader
from llm_config.ports.witnesses import Witnesses
from llm_config_contract.audit import AuditCheckpoint, GetAuditCheckpointRequest
from llm_config_domain.audit import tree


def get_audit_checkpoint(
    request: GetAuditCheckpointRequest,
    context: Context,
    *,
    tenant_reader: TenantReader,
    audit_reader: AuditReader,
    audit_signer: AuditSigner,
    audit_checkpoints: AuditCheckpoints,
    witnesses: Witnesses,
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    tenant = context.caller.tenant
    size = audit_reader.caught_up(tenant)

    def consistency(old: int) -> Sequence[bytes]:
        return from_tree(tenant, audit_reader, lambda lookup: tree.consistency(old, size, lookup))

    signed = witnesses.cosign(signed_checkpoint(tenant, size, audit_reader, audit_signer), consistency)
    audit_checkpoints.publish(tenant, signed)
    return Answer(checkpoint_view(signed), metadata={"tree_size": signed.checkpoint.size})


GET_AUDIT_CHECKPOINT = Operation(
    name="get_audit_checkpoint",
    summary="Sign the root of the tree that holds everything recorded until now",
    action="audit:read",
    method="GET",
    path="/api/v1/audit-checkpoints/latest",
    request=GetAuditCheckpointRequest,
    response=AuditCheckpoint,
    run=get_audit_checkpoint,
    recorded=Recorded.BEHIND,
    event_type="audit.checkpoint",
)
