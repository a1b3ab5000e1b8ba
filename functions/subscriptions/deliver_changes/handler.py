"""Behind the queue of changes: tell subscribers what has just changed."""

from llm_config.operations.subscriptions.deliver_changes import DELIVER_CHANGES
from llm_config.runtime.consumer import changes

lambda_handler = changes(DELIVER_CHANGES)
