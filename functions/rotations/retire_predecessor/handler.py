"""A step of a rotation: retire a rotation's old credential at its target."""

from llm_config.operations.rotations.retire_predecessor import RETIRE_PREDECESSOR
from llm_config.runtime.task import task

lambda_handler = task(RETIRE_PREDECESSOR)
