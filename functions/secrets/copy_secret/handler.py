"""POST /api/v1/secret-copies/{path}: give a secret's value to another name as well."""

from llm_config.operations.secrets.copy_secret import COPY_SECRET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(COPY_SECRET)
