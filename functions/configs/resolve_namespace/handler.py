"""GET /api/v1/resolved: resolve every key of a namespace at one revision."""

from llm_config.operations.configs.resolve_namespace import RESOLVE_NAMESPACE
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(RESOLVE_NAMESPACE)
