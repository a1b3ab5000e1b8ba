"""GET /api/v1/rotations/{id}: where a rotation stands."""

from llm_config.operations.rotations.get_rotation import GET_ROTATION
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_ROTATION)
