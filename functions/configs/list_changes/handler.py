"""GET /api/v1/changes: what changed since a place in the feed."""

from llm_config.operations.configs.list_changes import LIST_CHANGES
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(LIST_CHANGES)
