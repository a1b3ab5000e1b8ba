"""POST /api/v1/configs/{path}: create a config that is not there yet."""

from llm_config.operations.configs.create_config import CREATE_CONFIG
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(CREATE_CONFIG)
