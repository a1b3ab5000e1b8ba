"""A step of a rotation: judge whether a rotation's old version may go."""

from llm_config.operations.rotations.judge_grace import JUDGE_GRACE
from llm_config.runtime.task import task

lambda_handler = task(JUDGE_GRACE)
