"""DELETE /api/v1/api-keys/{id}: revoke an API key."""

from llm_config.operations.access.delete_api_key import DELETE_API_KEY
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(DELETE_API_KEY)
