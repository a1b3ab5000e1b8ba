"""DELETE /api/v1/namespaces/{namespace+}: say nothing about it any more."""

from llm_config.operations.namespaces.delete_namespace import DELETE_NAMESPACE
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(DELETE_NAMESPACE)
