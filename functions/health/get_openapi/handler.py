"""GET /api/v1/openapi.json: this API, described."""

from llm_config.operations.health.get_openapi import GET_OPENAPI
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_OPENAPI)
