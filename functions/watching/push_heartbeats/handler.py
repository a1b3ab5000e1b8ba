"""Every minute: tell every watcher that the service is there."""

from llm_config.operations.watching.push_heartbeats import PUSH_HEARTBEATS
from llm_config.runtime.ticks import schedule

lambda_handler = schedule(PUSH_HEARTBEATS)
