"""GET /api/v1/audit-consistency: that a later tree begins with an earlier one."""

from llm_config.operations.audit.get_audit_consistency import GET_AUDIT_CONSISTENCY
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_AUDIT_CONSISTENCY)
