"""At set times: tell subscribers what changed."""

from llm_config.operations.subscriptions.deliver_webhooks import DELIVER_WEBHOOKS
from llm_config.runtime.ticks import schedule

lambda_handler = schedule(DELIVER_WEBHOOKS)
