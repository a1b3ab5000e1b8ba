"""POST /api/v1/rotation-resumptions/{id}: let a held rotation go on."""

from llm_config.operations.rotations.resume_rotation import RESUME_ROTATION
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(RESUME_ROTATION)
