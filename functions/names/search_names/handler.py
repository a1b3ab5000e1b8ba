"""GET /api/v1/search: what is called like this."""

from llm_config.operations.names.search_names import SEARCH_NAMES
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(SEARCH_NAMES)
