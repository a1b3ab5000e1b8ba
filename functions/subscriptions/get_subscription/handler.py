"""GET /api/v1/subscriptions/{id}"""

from llm_config.operations.subscriptions.get_subscription import GET_SUBSCRIPTION
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_SUBSCRIPTION)
