"""A step of a rotation: use a rotation's new credential once at its target."""

from llm_config.operations.rotations.prove_successor import PROVE_SUCCESSOR
from llm_config.runtime.task import task

lambda_handler = task(PROVE_SUCCESSOR)
