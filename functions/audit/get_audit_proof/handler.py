"""GET /api/v1/audit-proofs/{entry_id}: that an entry stands in the tree."""

from llm_config.operations.audit.get_audit_proof import GET_AUDIT_PROOF
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_AUDIT_PROOF)
