"""GET /api/v1/configs/{path}: read one environment's entry of a config."""

from llm_config.operations.configs.get_config import GET_CONFIG
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_CONFIG)
