"""PUT /api/v1/namespaces/{namespace+}: say what a namespace is for."""

from llm_config.operations.namespaces.put_namespace import PUT_NAMESPACE
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(PUT_NAMESPACE)
