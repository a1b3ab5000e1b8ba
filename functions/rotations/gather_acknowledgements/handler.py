"""A step of a rotation: see who has acknowledged a rotation."""

from llm_config.operations.rotations.gather_acknowledgements import GATHER_ACKNOWLEDGEMENTS
from llm_config.runtime.task import task

lambda_handler = task(GATHER_ACKNOWLEDGEMENTS)
