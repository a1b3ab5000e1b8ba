"""PUT /api/v1/configs/{path}: create or update a config."""

from llm_config.operations.configs.put_config import PUT_CONFIG
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(PUT_CONFIG)
