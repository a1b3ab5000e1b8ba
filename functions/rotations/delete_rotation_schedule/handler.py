"""DELETE /api/v1/rotation-schedules/{path}: let a secret rotate no more by itself."""

from llm_config.operations.rotations.delete_rotation_schedule import DELETE_ROTATION_SCHEDULE
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(DELETE_ROTATION_SCHEDULE)
