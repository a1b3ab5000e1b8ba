"""POST /api/v1/config-rollbacks/{path}: bring an earlier version back, as a new one."""

from llm_config.operations.configs.rollback_config import ROLLBACK_CONFIG
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(ROLLBACK_CONFIG)
