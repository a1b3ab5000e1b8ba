"""POST /api/v1/service-tokens: give a service a token that soon ends."""

from llm_config.operations.access.create_service_token import CREATE_SERVICE_TOKEN
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(CREATE_SERVICE_TOKEN)
