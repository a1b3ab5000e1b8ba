"""Forget who is behind a pseudonym of the audit. Entries, hashes and proofs stay what they were; only the name is gone."""

from llm_config.operations.operation import Answer, Context, Operation, Recorded
from llm_config.operations.own_tenant import own_tenant
from llm_config.ports.audit_reader import AuditReader
from llm_config.ports.audit_subjects import AuditSubjects
from llm_config.ports.tenant_reader import TenantReader
from llm_config_contract.audit import EraseSubjectRequest, SubjectErasure


def erase_subject(
    request: EraseSubjectRequest,
    context: Context,
    *,
    tenant_reader: TenantReader,
    audit_reader: AuditReader,
    audit_subjects: AuditSubjects,
) -> Answer:
    own_tenant(context.caller, tenant_reader)
    tenant = context.caller.tenant
    audit_reader.caught_up(tenant)  # or what is on its way to the tree would bring the name again
    done = audit_subjects.erase(tenant, request.subject, context.entry.at)
    return Answer(SubjectErasure(pseudonym=done.pseudonym, erased_at=done.at), metadata={"pseudonym": done.pseudonym})


ERASE_SUBJECT = Operation(
    name="erase_subject",
    summary="Forget who is behind a pseudonym of the audit",
    action="audit:delete",
    method="POST",
    path="/api/v1/subject-erasures",
    request=EraseSubjectRequest,
    response=SubjectErasure,
    run=erase_subject,
    recorded=Recorded.INTENT_AND_OUTCOME,
    event_type="audit.subject_erased",
    refusals=(404,),
)
