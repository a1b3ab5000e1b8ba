"""What was recorded, and the proof of it; `llm_config_client.audit` verifies exports offline."""

from llm_config_client.calls.options import given
from llm_config_client.core import Call, Route, call
from llm_config_contract.audit import (
    AuditCheckpoint,
    AuditConsistency,
    AuditExportAnswer,
    AuditPage,
    AuditProofAnswer,
    AuditVerification,
    EraseSubjectRequest,
    ExportAuditRequest,
    GetAuditCheckpointRequest,
    GetAuditConsistencyRequest,
    GetAuditProofRequest,
    ListAuditEntriesRequest,
    SubjectErasure,
    VerifyAuditRequest,
)
from llm_config_contract.compliance import ComplianceReport, FrameworkName, GetComplianceReportRequest
from llm_config_domain.audit.receipts import as_header

LIST_AUDIT_ENTRIES = Route("GET", "/api/v1/audit-entries", ListAuditEntriesRequest, AuditPage)
GET_AUDIT_CHECKPOINT = Route("GET", "/api/v1/audit-checkpoints/latest", GetAuditCheckpointRequest, AuditCheckpoint)
GET_AUDIT_PROOF = Route("GET", "/api/v1/audit-proofs/{entry_id}", GetAuditProofRequest, AuditProofAnswer)
GET_AUDIT_CONSISTENCY = Route("GET", "/api/v1/audit-consistency", GetAuditConsistencyRequest, AuditConsistency)
VERIFY_AUDIT = Route("POST", "/api/v1/audit-verifications", VerifyAuditRequest, AuditVerification)
EXPORT_AUDIT = Route("GET", "/api/v1/audit-exports", ExportAuditRequest, AuditExportAnswer)
ERASE_SUBJECT = Route("POST", "/api/v1/subject-erasures", EraseSubjectRequest, SubjectErasure)
GET_COMPLIANCE_REPORT = Route("GET", "/api/v1/compliance-reports", GetComplianceReportRequest, ComplianceReport)


def list_audit_entries(
    begin: str,
    end: str,
    *,
    event_type: str | None = None,
    actor: str | None = None,
    namespace: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> Call[AuditPage]:
    """One page of what was recorded from `begin` on and before `end`, the newest first."""
    return call(LIST_AUDIT_ENTRIES, given(locals()))


def get_audit_checkpoint() -> Call[AuditCheckpoint]:
    """The signed root of the tree that everything recorded until now is in."""
    return call(GET_AUDIT_CHECKPOINT, {})


def get_audit_proof(entry_id: str, *, receipt: str | None = None) -> Call[AuditProofAnswer]:
    """The proof that an entry stands in the tree; with the receipt of an answer, of an entry that is not there yet, until
    when it was promised."""
    return call(GET_AUDIT_PROOF, {"entry_id": entry_id, "receipt": receipt and as_header(receipt)})


def get_audit_consistency(old: int, new: int) -> Call[AuditConsistency]:
    """The proof that the tree of `new` leaves begins with that of `old`."""
    return call(GET_AUDIT_CONSISTENCY, {"old": old, "new": new})


def verify_audit(begin: str, end: str) -> Call[AuditVerification]:
    """Let the service hash every entry of a time anew. What it says is its own word: an export proves it elsewhere."""
    return call(VERIFY_AUDIT, {"from": begin, "to": end})


def export_audit(begin: str, end: str) -> Call[AuditExportAnswer]:
    """Every entry of a time, with the proof that it is whole; of more than an answer holds, where it will be."""
    return call(EXPORT_AUDIT, {"begin": begin, "end": end})


def erase_subject(subject: str) -> Call[SubjectErasure]:
    """Forget who is behind a pseudonym of the audit, told by name or by pseudonym; entries and proofs stay what they were."""
    return call(ERASE_SUBJECT, {"subject": subject})


def get_compliance_report(
    framework: FrameworkName, *, begin: str | None = None, end: str | None = None, namespace: str | None = None
) -> Call[ComplianceReport]:
    """What can be seen of a framework's controls, each finding with what it stands on."""
    return call(GET_COMPLIANCE_REPORT, given(locals()))
