"""DELETE /api/v1/configs/{path}: delete a config; it can be restored."""

from llm_config.operations.configs.delete_config import DELETE_CONFIG
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(DELETE_CONFIG)
