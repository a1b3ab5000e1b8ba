"""GET /api/v1/rotation-schedules/{path}: when a secret rotates by itself."""

from llm_config.operations.rotations.get_rotation_schedule import GET_ROTATION_SCHEDULE
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_ROTATION_SCHEDULE)
