"""GET /api/v1/secrets/{path}: read a secret."""

from llm_config.operations.secrets.get_secret import GET_SECRET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_SECRET)
