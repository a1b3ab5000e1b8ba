"""A step of a rotation: put a rotation's new version in use."""

from llm_config.operations.rotations.promote_successor import PROMOTE_SUCCESSOR
from llm_config.runtime.task import task

lambda_handler = task(PROMOTE_SUCCESSOR)
