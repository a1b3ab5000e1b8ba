"""POST /api/v1/config-validations/{path}: check a value against the rules of a write and against a JSON Schema."""

from llm_config.operations.configs.validate_config import VALIDATE_CONFIG
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(VALIDATE_CONFIG)
