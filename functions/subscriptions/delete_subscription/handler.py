"""DELETE /api/v1/subscriptions/{id}"""

from llm_config.operations.subscriptions.delete_subscription import DELETE_SUBSCRIPTION
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(DELETE_SUBSCRIPTION)
