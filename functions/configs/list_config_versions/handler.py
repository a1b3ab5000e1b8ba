"""GET /api/v1/config-versions/{path}: the history of a config."""

from llm_config.operations.configs.list_config_versions import LIST_CONFIG_VERSIONS
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(LIST_CONFIG_VERSIONS)
