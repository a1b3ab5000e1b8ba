"""POST /api/v1/audit-verifications: entries hashed anew, against the tree."""

from llm_config.operations.audit.verify_audit import VERIFY_AUDIT
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(VERIFY_AUDIT)
