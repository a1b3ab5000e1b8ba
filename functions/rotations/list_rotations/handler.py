"""GET /api/v1/rotations: list rotations, newest first."""

from llm_config.operations.rotations.list_rotations import LIST_ROTATIONS
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(LIST_ROTATIONS)
