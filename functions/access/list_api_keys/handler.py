"""GET /api/v1/api-keys: the tenant's API keys."""

from llm_config.operations.access.list_api_keys import LIST_API_KEYS
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(LIST_API_KEYS)
