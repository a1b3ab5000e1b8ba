"""POST /api/v1/secrets/{path}: create a secret that is not there yet."""

from llm_config.operations.secrets.create_secret import CREATE_SECRET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(CREATE_SECRET)
