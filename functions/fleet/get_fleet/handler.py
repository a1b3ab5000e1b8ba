"""GET /api/v1/fleet: who is on which revision."""

from llm_config.operations.fleet.get_fleet import GET_FLEET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_FLEET)
