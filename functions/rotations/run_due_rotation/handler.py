"""Once a minute: run the rotations and schedules that are due."""

from llm_config.operations.rotations.run_due_rotation import RUN_DUE_ROTATION
from llm_config.runtime.ticks import ticks

lambda_handler = ticks(RUN_DUE_ROTATION)
