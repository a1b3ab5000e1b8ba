"""POST /api/v1/config-restores/{path}: bring a deleted config back."""

from llm_config.operations.configs.restore_config import RESTORE_CONFIG
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(RESTORE_CONFIG)
