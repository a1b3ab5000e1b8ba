"""POST /api/v1/subscription-replays/{id}"""

from llm_config.operations.subscriptions.replay_subscription import REPLAY_SUBSCRIPTION
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(REPLAY_SUBSCRIPTION)
