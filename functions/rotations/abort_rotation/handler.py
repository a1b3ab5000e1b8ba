"""POST /api/v1/rotation-aborts/{id}: take a rotation back."""

from llm_config.operations.rotations.abort_rotation import ABORT_ROTATION
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(ABORT_ROTATION)
