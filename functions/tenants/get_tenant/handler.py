"""GET /api/v1/tenants/{id}: read a tenant."""

from llm_config.operations.tenants.get_tenant import GET_TENANT
from llm_config.runtime.endpoint import endpoint

lambda_handler = endpoint(GET_TENANT)
