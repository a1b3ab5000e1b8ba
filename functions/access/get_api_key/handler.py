"""GET /api/v1/api-keys/{id}: what is known of an API key."""

from llm_config.operations.access.get_api_key import GET_API_KEY
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_API_KEY)
