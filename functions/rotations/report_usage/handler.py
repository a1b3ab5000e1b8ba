"""POST /api/v1/usage-reports: report which versions of secrets a service uses."""

from llm_config.operations.rotations.report_usage import REPORT_USAGE
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(REPORT_USAGE)
