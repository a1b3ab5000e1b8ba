"""GET /api/v1/secret-versions/{path}: the versions of a secret."""

from llm_config.operations.secrets.list_secret_versions import LIST_SECRET_VERSIONS
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(LIST_SECRET_VERSIONS)
