"""POST /api/v1/fleet-reports: what an instance of a service holds."""

from llm_config.operations.fleet.report_fleet import REPORT_FLEET
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(REPORT_FLEET)
