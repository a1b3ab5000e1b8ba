"""POST /api/v1/rotations/{path}: rotate a secret."""

from llm_config.operations.rotations.start_rotation import START_ROTATION
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(START_ROTATION)
