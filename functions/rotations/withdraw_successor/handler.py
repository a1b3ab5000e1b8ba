"""A step of a rotation: take a rotation's new credential back from its target."""

from llm_config.operations.rotations.withdraw_successor import WITHDRAW_SUCCESSOR
from llm_config.runtime.task import task

lambda_handler = task(WITHDRAW_SUCCESSOR)
