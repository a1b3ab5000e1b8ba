"""POST /api/v1/api-keys: make an API key."""

from llm_config.operations.access.create_api_key import CREATE_API_KEY
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(CREATE_API_KEY)
