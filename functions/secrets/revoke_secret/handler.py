"""POST /api/v1/secret-revocations/{path}: revoke a version."""

from llm_config.operations.secrets.revoke_secret import REVOKE_SECRET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(REVOKE_SECRET)
