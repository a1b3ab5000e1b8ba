"""GET /api/v1/audit-entries: what was recorded in a time."""

from llm_config.operations.audit.list_audit_entries import LIST_AUDIT_ENTRIES
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(LIST_AUDIT_ENTRIES)
