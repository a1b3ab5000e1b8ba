"""GET /health/live: is the process alive?"""

from llm_config.operations.health.check_live import CHECK_LIVE
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(CHECK_LIVE)
