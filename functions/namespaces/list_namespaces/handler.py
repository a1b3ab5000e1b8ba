"""GET /api/v1/namespaces: the namespaces that there are."""

from llm_config.operations.namespaces.list_namespaces import LIST_NAMESPACES
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(LIST_NAMESPACES)
