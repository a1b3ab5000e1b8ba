"""POST /api/v1/secret-restores/{path}: bring a deleted secret back."""

from llm_config.operations.secrets.restore_secret import RESTORE_SECRET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(RESTORE_SECRET)
