"""The journal's stream: append what was recorded to the tenants' trees."""

from llm_config.operations.audit.append_audit import APPEND_AUDIT
from llm_config.runtime.consumer import stream

lambda_handler = stream(APPEND_AUDIT)
