"""DELETE /api/v1/secrets/{path}: delete a secret; it can be restored."""

from llm_config.operations.secrets.delete_secret import DELETE_SECRET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(DELETE_SECRET)
