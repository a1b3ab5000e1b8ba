"""GET /api/v1/configs: list configs, without values."""

from llm_config.operations.configs.list_configs import LIST_CONFIGS
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(LIST_CONFIGS)
