"""POST /api/v1/secret-activations/{path}: put a version in use."""

from llm_config.operations.secrets.activate_secret import ACTIVATE_SECRET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(ACTIVATE_SECRET)
