"""Behind a queue: make an export of the audit that was too large for an answer."""

from llm_config.operations.audit.make_audit_export import MAKE_AUDIT_EXPORT
from llm_config.runtime.consumer import queue

lambda_handler = queue(MAKE_AUDIT_EXPORT)
