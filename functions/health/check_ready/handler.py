"""GET /health/ready: can requests be served?"""

from llm_config.operations.health.check_ready import CHECK_READY
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(CHECK_READY)
