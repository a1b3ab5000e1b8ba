"""A step of a rotation: take a rotation back, or hold it, after a step that failed for good."""

from llm_config.operations.rotations.give_up_step import GIVE_UP_STEP
from llm_config.runtime.task import task

lambda_handler = task(GIVE_UP_STEP)
