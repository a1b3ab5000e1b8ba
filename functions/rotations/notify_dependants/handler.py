"""A step of a rotation: tell who uses a secret that its new version comes."""

from llm_config.operations.rotations.notify_dependants import NOTIFY_DEPENDANTS
from llm_config.runtime.task import task

lambda_handler = task(NOTIFY_DEPENDANTS)
