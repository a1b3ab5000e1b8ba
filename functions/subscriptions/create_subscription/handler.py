"""POST /api/v1/subscriptions"""

from llm_config.operations.subscriptions.create_subscription import CREATE_SUBSCRIPTION
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(CREATE_SUBSCRIPTION)
