"""GET /api/v1/resolved/{path}: resolve a config along the environment chain."""

from llm_config.operations.configs.resolve_config import RESOLVE_CONFIG
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(RESOLVE_CONFIG)
