"""A step of a rotation: make a new credential for a rotation."""

from llm_config.operations.rotations.create_successor import CREATE_SUCCESSOR
from llm_config.runtime.task import task

lambda_handler = task(CREATE_SUCCESSOR)
