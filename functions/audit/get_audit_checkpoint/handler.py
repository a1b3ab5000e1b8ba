"""GET /api/v1/audit-checkpoints/latest: the signed root of the tree."""

from llm_config.operations.audit.get_audit_checkpoint import GET_AUDIT_CHECKPOINT
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_AUDIT_CHECKPOINT)
