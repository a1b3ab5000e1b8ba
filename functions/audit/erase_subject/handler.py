"""POST /api/v1/subject-erasures: forget who is behind a pseudonym of the audit."""

from llm_config.operations.audit.erase_subject import ERASE_SUBJECT
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(ERASE_SUBJECT)
