"""GET /api/v1/secrets: list secrets, without values."""

from llm_config.operations.secrets.list_secrets import LIST_SECRETS
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(LIST_SECRETS)
