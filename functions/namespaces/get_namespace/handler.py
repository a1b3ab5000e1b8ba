"""GET /api/v1/namespaces/{namespace+}: what is said about a namespace."""

from llm_config.operations.namespaces.get_namespace import GET_NAMESPACE
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_NAMESPACE)
