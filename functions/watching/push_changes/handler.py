"""Behind its queue of changes: tell watchers what has just changed."""

from llm_config.operations.watching.push_changes import PUSH_CHANGES
from llm_config.runtime.consumer import changes

lambda_handler = changes(PUSH_CHANGES)
