"""POST /api/v1/secret-destructions/{path}: erase versions for good."""

from llm_config.operations.secrets.destroy_secret import DESTROY_SECRET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(DESTROY_SECRET)
