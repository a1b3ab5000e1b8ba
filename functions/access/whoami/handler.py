"""GET /api/v1/whoami: who the caller is."""

from llm_config.operations.access.whoami import WHOAMI
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(WHOAMI)
