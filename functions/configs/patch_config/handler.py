"""PATCH /api/v1/configs/{path}: change a part of a config."""

from llm_config.operations.configs.patch_config import PATCH_CONFIG
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(PATCH_CONFIG)
