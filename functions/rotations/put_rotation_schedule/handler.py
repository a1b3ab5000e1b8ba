"""PUT /api/v1/rotation-schedules/{path}: say when a secret rotates by itself."""

from llm_config.operations.rotations.put_rotation_schedule import PUT_ROTATION_SCHEDULE
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(PUT_ROTATION_SCHEDULE)
