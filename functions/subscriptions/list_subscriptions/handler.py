"""GET /api/v1/subscriptions"""

from llm_config.operations.subscriptions.list_subscriptions import LIST_SUBSCRIPTIONS
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(LIST_SUBSCRIPTIONS)
