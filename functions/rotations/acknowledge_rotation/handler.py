"""POST /api/v1/rotation-acknowledgements/{id}: say that a service is ready for the new version."""

from llm_config.operations.rotations.acknowledge_rotation import ACKNOWLEDGE_ROTATION
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(ACKNOWLEDGE_ROTATION)
