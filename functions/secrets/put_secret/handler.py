"""PUT /api/v1/secrets/{path}: create a secret or give it a new version."""

from llm_config.operations.secrets.put_secret import PUT_SECRET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(PUT_SECRET)
