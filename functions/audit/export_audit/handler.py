"""GET /api/v1/audit-exports: entries with the proof that they are whole."""

from llm_config.operations.audit.export_audit import EXPORT_AUDIT
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(EXPORT_AUDIT)
