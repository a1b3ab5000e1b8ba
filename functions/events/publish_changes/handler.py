"""The journal's stream: publish what changed as CloudEvents."""

from llm_config.operations.events.publish_changes import PUBLISH_CHANGES
from llm_config.runtime.consumer import stream

lambda_handler = stream(PUBLISH_CHANGES)
