"""POST /api/v1/secret-moves/{path}: give a secret another name."""

from llm_config.operations.secrets.move_secret import MOVE_SECRET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(MOVE_SECRET)
